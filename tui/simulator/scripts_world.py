"""Dialogues in other languages, for customers who write them. See `scripts.py` for the form."""

WORLD = {
    "de": """
# Drucker im {floor}. Stock druckt nicht
C Guten Morgen, der Drucker im {floor}. Stock druckt nur noch leere Seiten
A Guten Morgen {you}, hier ist {me}. Seit wann ist das so?
C Seit dem Tonerwechsel heute früh
A Ist der orange Schutzstreifen am Toner abgezogen? Der wird gerne übersehen.
C Oh. Nein. Moment bitte
C Jetzt läuft er. Wie peinlich
A Gar nicht, das passiert jede Woche. Schönen Tag noch!
N Schutzstreifen am Toner war nicht entfernt.

# Rechnung {order} stimmt nicht
C Guten Tag, auf der Rechnung {order} stehen {n} Stück, geliefert wurde aber nur eines
A Guten Tag {you}, das prüfe ich sofort.
A Sie haben recht, im Lager wurde nur eines gescannt. Möchten Sie die restlichen oder eine Gutschrift?
C Eine Gutschrift bitte, ich brauche doch nur eines
A Die Gutschrift ist erstellt und geht gleich per Mail raus.
C Angekommen. Herzlichen Dank für die schnelle Hilfe!
A Sehr gerne.
N Gutschrift erstellt, Lagerfehler gemeldet.
""",
    "fr": """
# Colis {order} non reçu
C Bonjour, je n'ai toujours pas reçu ma commande {order}
A Bonjour {you}, je regarde tout de suite. Vous habitez toujours à la même adresse ?
C Oui, mais le code de l'immeuble a changé
A Je comprends mieux : le livreur est passé {n} fois sans pouvoir entrer. Quel est le nouveau code ?
C {room}B
A C'est noté. Il repasse demain entre 8 h et 12 h.
C Parfait, merci beaucoup !
A Avec plaisir, bonne journée à vous.
N Code d'accès mis à jour, nouvelle livraison demain matin.

# Mot de passe oublié, courriel jamais reçu
C Je ne reçois pas le courriel pour changer mon mot de passe
A Bonjour {you}. Avez-vous regardé dans les indésirables ?
C Oui, rien
A Il manque une lettre dans l'adresse enregistrée. Je corrige si vous me confirmez votre date d'inscription.
C C'était en mars, l'année dernière
A Exact. C'est corrigé, je renvoie le lien.
C Reçu ! Merci {me}
N Adresse corrigée après vérification.
""",
    "es": """
# Pedido {order}: llegó roto
C Hola, la lámpara llegó rota :(
A Hola {you}, lo siento mucho. ¿Me puede mandar una foto?
C Enviada
A Gracias. Le mando una nueva hoy mismo, y no hace falta que devuelva la rota.
C ¿De verdad? Qué bien
A De verdad. Llega el {n}, por la mañana.
C Muchísimas gracias, {me}
N Sustitución enviada sin devolución.
""",
    "sv": """
# Skrivaren på plan {floor} svarar inte
C Hej, skrivaren på plan {floor} svarar inte
A Hej {you}! Lyser den grönt?
C Nej, den är helt svart
A Städarna brukar dra ur sladden bakom växten. Kan du titta där?
C Haha, precis. Nu startar den
A Toppen. Hör av dig om det är något mer.
C Tack så mycket!
N Strömsladden var urdragen.
""",
    "pt": """
# Fatura {order} em duplicado
C Bom dia, recebi a fatura {order} duas vezes
A Bom dia {you}, vou verificar. Foi cobrada duas vezes também?
C Não, só uma
A Então pode ignorar a segunda; foi um erro no envio. Peço desculpa.
C Ah, que alívio. Obrigado!
A De nada, bom trabalho.
N Segunda fatura era cópia, sem cobrança.
""",
    "ja": """
# 注文 {order} の配送について
C お世話になっております。注文 {order} がまだ届いておりません。
A {you}、お問い合わせありがとうございます。担当の{me}です。すぐに確認いたします。
C よろしくお願いします。
A 配送センターで仕分けが遅れておりました。申し訳ございません。明日の午前中にお届けできます。
C 午後に変更できますか？
A はい、14時から16時に変更いたしました。
C 助かります。ありがとうございます。
A こちらこそ、ありがとうございました。
N 配達時間を14時から16時に変更。

# プリンターが印刷できない
C {floor}階のプリンターが動きません。
A {you}、ご不便をおかけしております。画面に何か表示されていますか？
C 「紙詰まり」と出ていますが、紙は見えません。
A 後ろのカバーを開けて、左側のレバーを上げてみてください。
C 小さい紙が出てきました。直りました！
A よかったです。またいつでもご連絡ください。
N 後部カバーの紙詰まりを除去。
""",
    "zh": """
# 订单 {order} 发票抬头有误
C 你好，订单 {order} 的发票抬头写错了
A {you}您好，我来帮您处理。请问正确的抬头是什么？
C 上海晨光贸易有限公司
A 好的，已经重新开具，大约{n}分钟后发到您的邮箱。
C 收到了，谢谢！
A 不客气，祝您工作顺利。
N 发票已重开。
""",
    "ko": """
# VPN 연결이 자꾸 끊깁니다
C 안녕하세요, VPN이 자꾸 끊깁니다
A 안녕하세요 {you}님. 언제부터 그러셨나요?
C 오늘 아침부터요
A 프로그램을 업데이트해 드리겠습니다. 저장 후 다시 시작해 주세요.
C 이제 잘 됩니다. 감사합니다!
N VPN 프로그램 업데이트 완료.
""",
    "pl": """
# Zamówienie {order}: brak faktury
C Dzień dobry, nie dostałem faktury do zamówienia {order}
A Dzień dobry {you}, już sprawdzam.
A Wysłaliśmy ją na stary adres. Czy mogę użyć tego, z którego jest konto?
C Tak, proszę
A Gotowe, powinna być w skrzynce.
C Jest, bardzo dziękuję!
N Faktura wysłana ponownie.
""",
}

# Said by someone who waited in a chat and left without an answer.
IMPATIENT = {
    "en": (
        "Hello? Is anyone there?",
        "I'll try again later.",
        "Still waiting...",
        "ok never mind, found it myself",
    ),
    "de": ("Hallo? Ist da jemand?", "Ich versuche es später noch einmal."),
    "fr": ("Il y a quelqu'un ?", "Je réessaierai plus tard."),
    "es": ("¿Hola? ¿Hay alguien?",),
    "sv": ("Hallå?",),
    "ja": ("どなたかいらっしゃいますか？",),
    "pt": ("Alguém aí?",),
}
