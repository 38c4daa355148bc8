"""Dialogues of a shop's customer care, in English. See `scripts.py` for the form."""

SHOP = """
# Order {order}: parcel not delivered | Where is order {order}?
C Hello, tracking says my parcel was delivered on {day} but there is nothing here
A Hi {you}, I'm {me}. I'm sorry, let me look at what the driver noted. Is it order {order}?
C Yes that's the one
A The driver noted "handed to neighbour, no. {room}". Does that help?
C Hm, I don't know the people in {room}. I'll go and ask
A I'll stay here.
C It was there! They were on holiday, it sat behind the plant
A Happy to hear it. Shall I note that parcels should wait at the pick-up point next time?
C Yes please
A Done. Have a lovely day, {you}.
N Found at neighbour's. Preference set: pick-up point.

# Invoice {order} charged twice | Double payment for order {order}
C You charged me twice!! {amount} on Monday and again on Tuesday
A Hello {you}, that should not happen, I'm checking at once. Could you tell me the last 4 digits of the card?
C 20{room}
A Thank you. I see one booking of {amount} and one reservation of the same amount.
C and what does that mean
A The reservation is not money taken: it is released by your bank, normally within {n} days.
C My bank shows both as pending
A I have asked our bank to release it today, so you needn't wait. You will get a confirmation from us by mail.
C Just got it. OK. Sorry for shouting
A No need to apologise, I'd be upset as well.
N Second item was a reservation. Release requested, confirmation mailed.

# Order {order}: wrong size | Exchange of order {order}
C The jacket is lovely but too small. Can I swap it for a L?
A Of course, {you}. Is it order {order}, the blue one?
C Blue yes
A I have {n} left in L. If I reserve one now it goes out tonight; you send the small one back within 30 days.
C Do I have to pay the return?
A No, the label is on its way to your e-mail.
C Found it. Super easy, thank you
A Enjoy the jacket!
N Exchange M to L, return label sent.

# Change of delivery address for order {order}
C Can I still change the delivery address? I typed my old street, stupid me
A If it has not left the warehouse, yes. Order {order}?
C yes
A It is being packed right now, so let's be quick: what is the new address?
C Lindenweg {room}{n}
04109 Leipzig
second floor, bell is broken
A Changed, with the note about the bell for the driver.
C You are fast!
A It's my job :) You'll have a new tracking mail in about ten minutes.
C Arrived. Thanks a lot {me}
N Address changed before dispatch, note for the driver added.

# Coffee machine leaks after {n} weeks | Warranty: coffee machine
C The machine I bought {n} weeks ago leaks all over the counter
A Oh no. Hello {you}. Is the water clear or brown?
C Clear. Comes from the left side at the bottom
A That sounds like the tank seal. May I call you? It is easier with the machine in front of you.
C sure
Q {call}
A As discussed: a new seal is on its way, no cost. If it still leaks after that we exchange the machine.
C Very good. And should I keep using it?
A Better not until the seal is in, please.
C Understood, tea it is
N Tank seal sent under warranty. Customer told not to use the machine.

# Refund for order {order} not received
C I sent the shoes back three weeks ago and still no money
A Hello {you}. I'm looking at return {ref}. It reached us on {day}.
C And? It's {amount}, I need that
A It was put on the wrong shelf and not booked. That is our mistake, I apologise.
A I have booked it by hand: {amount} goes to your card today.
C How long does it take?
A Two to three working days. I've also added a voucher for the trouble.
C That's kind of you. Thanks
N Return booked by hand, refund and voucher issued.

# Appointment for the installation | Technician did not come
C I took the day off and the technician did not come
A I'm very sorry, {you}. One moment, I'm trying to reach him.
C I have been waiting since 8
Q {call}
A He had a breakdown on the motorway. He can be with you at 16:30, or tomorrow first thing. What suits you?
C today please
A 16:30 it is. He will ring when he leaves. And we will not charge the visit.
C Ok, that is fair. Thank you for telling me the truth
N Technician delayed by breakdown. New time 16:30, visit free of charge.

# Cancel subscription before {day}
C I want to cancel before it renews on {day}
A Hello {you}, that's no problem. May I ask why?
C I just don't use it enough
A Understood. You could pause it for {n} months instead and keep your recipes. Or shall I cancel?
C oh, I can pause? then pause
A Paused. Nothing will be charged until then, and you can cancel with one click at any time.
C Perfect, thank you!
N Paused instead of cancelled.

# Gift card code does not work
C The gift card from my aunt says "invalid code"
A Hello {you}! Let's see. Which characters do you see after the last dash?
C O0O{n}
A Is it possible that the first one is a letter and the second a zero? Print is not our strongest side.
C tried all, still invalid
A Then I'll check the number at the back, please read me the digits.
C 7{room}4 88{n}1
A It was never activated at the till. I've done it now: {amount} are on it.
C It works!! my aunt says hello
A Hello back to your aunt :)
N Card was not activated at the till. Activated.

# Bike rental: lock does not open
C I'm standing at the station and the lock doesn't open. It's raining
A I'm with you, {you}. What number is on the frame?
C {room}{floor}{n}
A Sent the unlock signal. Did it click?
C no
A Press the lock in for a second, then let go. I send it again.. now.
C CLICK
A Wonderful. I've taken ten minutes off the bill. Ride safely.
C thanks!!
N Lock stuck, second signal worked. Station to be serviced.

# Hotel booking: late arrival | Booking {order}: late check-in
C Our flight is delayed, we will arrive after midnight. Is someone there?
A Good evening {you}. The front desk closes at 23:00, but I can arrange a key box for you.
C That would be great. Two adults and a sleeping child
A I've moved you to the ground floor then, no stairs. The code comes by message half an hour before.
C You think of everything
A Safe travels. If the delay grows, just write here.
C It did: 01:40 now
A No problem at all, the box does not sleep.
N Key box arranged, room changed to ground floor.

# Delivery slot for groceries | Order {order}: items missing
C Two bags came, I ordered three. The milk and the bread are missing
A Hello {you}, I'm sorry. I see a third bag that was left on the van.
C Can he come back? The kids want breakfast
A He is {n} streets away and turns round now.
C really? wow
A Ten minutes, please keep an ear on the bell.
C He was here. Thank you!
N Third bag delivered on the same tour.

# Login to the customer portal fails | Portal says "session expired"
C The portal throws me out as soon as I log in. "Session expired"
A Hello {you}. Is the clock on your computer right? It sounds odd, but it matters.
C It's... two hours ahead. I was in Athens last week
A There it is. Please set it to automatic and try again.
C That was it. I feel silly
A Please don't, it is the third time today.
N Clock of the customer's computer was wrong.
"""
