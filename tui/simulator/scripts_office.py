"""Dialogues of an office help desk, in English. See `scripts.py` for the form."""

OFFICE = """
# Printer on floor {floor} offline | Printer by room {room} not printing
C Hi, the printer on floor {floor} has stopped printing. It just says offline.
A Hello {you}, {me} here. Is the display on the printer lit at all?
C Yes, green light, paper is in. My laptop says offline though
A Thanks. Are your neighbours able to print, or is it everyone?
C Just asked around: nobody on this side can
A Then it is not your laptop. The print server lost it after last night's restart. Give me two minutes.
C ok
A I have re-added the queue. Could you send a test page?
C Nothing yet.. wait, it woke up
C It printed {n} copies of my report from this morning, ha
A Those were stuck in the queue. You can throw them away, it will behave now.
C Brilliant, thank you {me}!
A You're welcome. I'll close {ref}; reply here if it happens again.
N Print queue on floor {floor} pointed to an old address. Re-added by host name.
N Test page printed. Customer confirms.

# VPN drops every few minutes | Cannot reach intranet over VPN
C My VPN keeps dropping. Third time this morning, in the middle of a customer call
A Sorry about that, {you}. Are you at home or on the road today?
C Home. Fibre, never had a problem before {day}
A Which version does the client show under About?
C 5.1.{n}
A That one has a known fault with sleeping network cards. I can push 5.1.8 to {pc} now, it needs one restart.
C Will I lose anything? I have a spreadsheet open
A Save it first please. The restart takes about three minutes.
C Saved. Go ahead
A Pushed. You should see the installer in a moment.
C It is asking for a restart now
A Yes please.
C Back. Connected, and it's been steady for a while
A I can see you with {n} minutes without a drop. I'll look again this afternoon and close the ticket if it holds.
C Perfect
N {pc}: VPN client replaced by 5.1.8. Power saving of the network card switched off.
N To watch: drops after resume from sleep.

# Locked out after password change | Password reset does not arrive
C I changed my password yesterday and now I am locked out of everything
A Hello {you}, I can help. Before I touch the account: what is the number under the barcode on your badge?
C 4471{n}{floor}
A Thank you, that matches. Your phone still tries the old password every 30 seconds, that is what locks you.
C Oh no, the mail app!
A Exactly. Please put the phone in flight mode for a minute.
C Done
A Unlocked. Try the laptop first.
C I'm in
A Now switch the phone back on and enter the new password when mail asks.
C That worked as well. You saved my morning
A Glad to hear it. Have a good {day}.
N Lockout source: mail app on the phone. Unlocked, both devices signed in.

# New laptop: Teams has no sound | Headset not recognised
C People can't hear me in meetings since I got the new laptop
A Hi {you}. Does the small microphone symbol in the task bar show up when you speak?
C It shows but it doesn't move
A Let's have a look together. I will need to see the screen.
C fine with me
Q {call}
A So that was the privacy switch on the left side of the laptop. A tiny orange dot means the microphone is off.
C I would never have found that, thank you
A Nobody does :) I'll add it to the welcome sheet.
N Hardware privacy switch was on. Showed the customer where it is.
N Suggest a line in the welcome sheet for new laptops.

# Outlook asks for password again and again
C Outlook asks me for my password every 5 minutes, whatever I type
A Good morning {you}. Did you get a new phone, or change your password recently?
C No, but they moved my mailbox last night I think
A They did, I can see it: {ref} belongs to that move. Close Outlook completely, please, also by the clock.
C closed
A Open Control Panel, then Credential Manager, and remove the entries that begin with MicrosoftOffice16.
C There are {n} of them. All?
A All of them, yes.
C Done. Starting Outlook
C It asked once and now it is quiet
A That's how it should be. Leave it open until lunch, please, it will download your mail again.
C Will do. Thanks!
N Old credentials removed after mailbox move. Full resync running.

# Shared drive missing after update | Drive S: disappeared
C Since the update my S: drive is gone, and month end is today
A Understood, {you}, we do this first. Can you open \\\\files\\finance in the explorer?
C Yes that opens
A Good, so the data is fine. Only the letter was lost. I'm mapping it again from here.
C The macros need the letter S, please
A S it is. Look again now?
C It's there!! And the macros run
A I've put it in the login policy so that it survives the next update.
C You're a star
N S: mapped by policy for the finance group. Cause: update removed user mappings.

# Second monitor black after docking | Docking station not charging
C My second monitor stays black when I dock. The first one is okay
A Hi {you}, which dock is it? There is a label underneath.
C WD19, says rev {n}
A And which socket is the black monitor on?
C the small one next to the power
A Could you move that cable to the other small socket, please?
C Flickered... and now it's on!
A The first socket needs newer firmware. I've queued it for tonight: please leave the laptop docked.
C ok will do, thanks
N Dock firmware queued for tonight on {pc}.

# Request: access to the HR report folder
C Hello, I need access to the HR reports, my new manager says you can do that
A Hello {you}. I can prepare it, the owner of the folder has to agree. Who is your manager?
C Ines from People Operations
A I have sent Ines the question. She usually answers within the hour.
C Okay. I'll wait here if that is all right
A Of course.
A She agreed just now: read access until the end of the quarter. Please sign out and in again.
C I can see the folder
A Then we are done. {ref} has the approval attached.
N Read access granted until end of quarter, approved by the folder's owner.

# Laptop very slow since {day} | Fan always on, laptop hot
C My laptop sounds like a hair dryer and everything takes ages
A Let me look at it while you tell me: since when?
C Since {day}. I did not install anything, promise
A I believe you :) The search index is rebuilding and a backup started on top of it, on {pc}.
C Is that bad?
A No, just badly timed. I've moved the backup to 20:00. The index needs about {n}0 minutes more.
C It's already quieter
A If it still hums tomorrow write to me directly and I'll swap the fan.
C Thanks {me}, very kind
N Backup moved to 20:00, index rebuild left to finish.

# Suspicious mail: is this really from IT?
C I got a mail that says my mailbox is full and I must log in. Is this from you?
A Thank you for asking first! No, that is not from us. Did you click or type anything?
C I clicked. I did not type my password, the page looked odd
A Well spotted. Please forward it to phishing@helpdesk.example.com and then delete it.
C Forwarded
A I'm running a scan on {pc} to be sure. You can go on working.
A Clean. And {n} colleagues got the same mail; we have taken it out of their mailboxes.
C Phew!
A You did everything right.
N Phishing mail reported, link clicked, no credentials entered. Scan clean.

# Meeting room {room}: camera shows last meeting's layout
C Room {room} again: the camera films the wall
A Hello {you}. When does your meeting start?
C in {n} minutes
A Then quickly: hold the mute and the home key on the panel together for five seconds.
C It is restarting
A Good. It takes 40 seconds.
C We see ourselves! And the wall is gone
A Have a good meeting. I'll have the preset fixed tonight.
N Room {room}: restarted panel. Preset 1 is wrong, to fix after hours.

# Two-factor codes not accepted | New phone, no authenticator
C New phone, and the codes are not accepted any more
A Congratulations on the phone :) Do you still have the old one?
C Already sent back, sorry
A Not a problem. I'll call you on the number in your file to make sure it is you.
Q {call}
A Thanks for the call. Your old device is removed. Next time you sign in it will show a QR code.
C Scanned it. It wants a code from the new app now?
A Exactly, type the six digits.
C Accepted!
A Please print the ten spare codes it offers, for the next phone.
C Printed. Thank you
N Identity confirmed by call-back. Authenticator enrolled anew, spare codes printed.
"""
