"""Customers and agents: names from many places, reachable at addresses that belong to nobody.

Phone numbers come from ranges set aside for fiction where a country has them (US 555-01xx,
UK 07700 900xxx, FR 06 39 98, DE 0171 39200, SE 070-174 06, AU 0491 57x) and from unused blocks
elsewhere; e-mail addresses use the reserved domains example.com, .org and .net.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from tui.simulator.chance import mix, pick


@dataclass(frozen=True, slots=True)
class Person:
    """`given` is how the other side addresses the person; `language` a two-letter code."""

    name: str
    given: str
    email: str
    phone: str
    language: str


@dataclass(frozen=True, slots=True)
class _Place:
    language: str
    given: tuple[str, ...]
    family: tuple[str, ...]
    phone: str
    family_first: bool = False


def _place(
    language: str, given: str, family: str, phone: str, family_first: bool = False
) -> _Place:
    return _Place(language, tuple(given.split()), tuple(family.split()), phone, family_first)


# In a phone pattern '#' is a hashed digit. Places stand as often as their customers call.
_US = _place(
    "en",
    "Olivia Marcus Danielle Theo Priscilla Jordan Hannah Wesley Naomi Curtis Rebecca Isaac",
    "Whitfield Okafor Delgado Brennan Pruitt Castellanos Hargrove Sutton Nakamura Pike Lindqvist",
    "+141555501##",
)
_UK = _place(
    "en",
    "Imogen Callum Saoirse Rhys Beatrice Hamish Amara Declan Poppy Nikhil",
    "Ashworth MacLeod O'Sullivan Pritchard Blackwood Fairclough Adeyemi Hollis Doyle Sharma",
    "+447700900###",
)
_DE = _place(
    "de",
    "Jörg Annika Matthias Käthe Felix Ulrike Sören Brigitte Jürgen Lena",
    "Müller Weißgerber Schäfer Köhler Hoffmann Grünwald Böhm Straßer Krüger Vogt",
    "+4917139200##",
)
_FR = _place(
    "fr",
    "Élodie François Chloé Benoît Anaïs Gaël Hélène Loïc Margaux Étienne",
    "Lefèvre Dupont Béranger Moreau Château Garçon Rousseau N'Diaye Pelletier Guérin",
    "+3363998####",
)
_ES = _place(
    "es",
    "Lucía José Íñigo María Begoña Álvaro Nuria Andrés Sofía Joaquín",
    "Muñoz García Peña Ibáñez Castaño Hernández Zúñiga Rodríguez Núñez Ordóñez",
    "+34600000###",
)
_SE = _place(
    "sv",
    "Ana Åsa Björn Märta Östen Sigrid Håkan Linnéa Göran Ebba",
    "Lindqvist Sjöberg Åkesson Öberg Bergström Hägg Nyström Wikström Ståhl",
    "+467017406##",
)
_PL = _place(
    "pl",
    "Łukasz Małgorzata Zbigniew Agnieszka Paweł Żaneta Wojciech",
    "Nowak Wójcik Woźniak Źródlak Kowalczyk Gołąb Jagiełło",
    "+48500000###",
)
_CZ = _place(
    "cs",
    "Jiří Božena Matěj Kateřina Ondřej Zdeňka",
    "Krejčí Martinů Janů Hořejší Kočí Dolejší",
    "+420601000###",
)
_TR = _place(
    "tr", "Çağla Emre Gökçe İlker Şebnem Ozan", "Yılmaz Öztürk Çelik Aydın Güneş", "+90500000####"
)
_BR = _place(
    "pt",
    "João Letícia Antônio Conceição Thaís Vinícius",
    "Gonçalves Araújo Magalhães Assunção Brandão Corrêa",
    "+551190000####",
)
_JP = _place(
    "ja",
    "美咲 健太 陽子 大輔 さくら 翔太 由美子 直樹",
    "佐藤 田中 高橋 渡辺 小林 山口 斎藤 中村",
    "+81900000####",
    True,
)
_CN = _place("zh", "伟 秀英 建国 晓明 丽娜 子轩", "王 李 张 陈 欧阳 赵", "+861000000####", True)
_KR = _place("ko", "지우 민준 서연 도윤 하은", "김 이 박 최 정", "+821000000####", True)
_IN = _place(
    "en", "Ananya Rohan Kavya Aditya Meera Vikram", "Iyer Chatterjee Deshpande Rao Gill",
    "+91900000####",
)  # fmt: skip
_NG = _place(
    "en", "Chidinma Tunde Ngozi Emeka Folake", "Eze Balogun Adichie Ogunleye", "+234800000####"
)
_GR = _place("el", "Ελένη Γιώργος Δήμητρα", "Παπανικολάου Γεωργίου Αντωνίου", "+30690000####")
_UA = _place("uk", "Оксана Тарас Богдана Андрій", "Шевченко Коваленко Бондар", "+38050000####")
_VN = _place("vi", "Hương Đức Thảo Quang", "Nguyễn Trần Phạm Đặng", "+84900000###", True)
_IL = _place("he", "נועה איתן מיכל", "כהן לוי פרץ", "+97250000####")
_EG = _place("ar", "ليلى أحمد مريم", "حسن إبراهيم منصور", "+20100000####")

_PLACES = (
    *(_US,) * 6, *(_UK,) * 5, *(_DE,) * 4, *(_FR,) * 3, *(_ES,) * 3, *(_SE,) * 3, *(_JP,) * 3,
    *(_IN,) * 2, *(_BR,) * 2, *(_PL,) * 2, _CZ, _TR, _CN, _KR, _NG, _GR, _UA, _VN, _IL, _EG,
)  # fmt: skip
_DOMAINS = ("example.com", "example.org", "example.net", "mail.example.com", "firma.example.org")

_CLERKS = (
    ("Priya Raman", "en"), ("Tom Achterberg", "en"), ("Mia Okafor", "en"),
    ("Léa Fontaine", "fr"), ("Jonas Brandt", "de"), ("Marta Ibáñez", "es"),
    ("Kenji Mori", "ja"), ("Siobhán Byrne", "en"), ("Samuel Wójcik", "en"),
    ("Grace Liu", "en"),
)  # fmt: skip
_AGENT_DOMAIN = "helpdesk.example.com"
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "æ": "ae"}
)


def ascii_letters(text: str) -> str:
    """The ASCII letters of a name in lower case, accents dropped; empty for other scripts."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(char for char in plain.lower() if "a" <= char <= "z")


def email_of(given: str, family: str, number: int, domain: str) -> str:
    """An address a person of that name might have; a numbered one where letters are not Latin."""
    parts = [part for part in (ascii_letters(given), ascii_letters(family)) if part]
    local = ".".join(parts) if parts else f"kunde{number % 9000 + 1000}"
    return f"{local}@{domain}"


def _phone(pattern: str, number: int) -> str:
    digits = []
    for char in pattern:
        if char == "#":
            number, digit = divmod(number, 10)
            char = str(digit)
        digits.append(char)
    return "".join(digits)


@lru_cache(maxsize=4096)
def customer(seed: int, serial: int) -> Person:
    """The customer of session `serial`."""
    roll = mix(seed, serial, 1)
    place = _PLACES[roll % len(_PLACES)]
    given = place.given[(roll >> 16) % len(place.given)]
    family = place.family[(roll >> 32) % len(place.family)]
    glue = "" if place.family_first and place.language in ("zh", "ko") else " "
    order = (family, given) if place.family_first else (given, family)
    return Person(
        name=glue.join(order),
        given=f"{family}さん" if place.language == "ja" else given,
        email=email_of(given, family, roll >> 24, pick(_DOMAINS, seed, serial, 2)),
        phone=_phone(place.phone, roll >> 20),
        language=place.language,
    )


@lru_cache(maxsize=256)
def clerk(index: int) -> Person:
    """Agent number `index` (any integer; the desk's staff repeats)."""
    number = index % len(_CLERKS)
    name, language = _CLERKS[number]
    given, family = name.split(" ", 1)
    email = email_of(given, family, number, _AGENT_DOMAIN)
    return Person(name, given, email, f"+1415555{number + 120:04d}", language)


def clerk_index(seed: int, serial: int, language: str) -> int:
    """Who of the staff takes session `serial`: one who speaks the language, where there is one."""
    able = [i for i, (_, tongue) in enumerate(_CLERKS) if tongue == language]
    if not able:
        able = [i for i, (_, tongue) in enumerate(_CLERKS) if tongue == "en"]
    return pick(able, seed, serial, 3)


def clerk_key(index: int) -> str:
    """The staff member's key in the desk's directory, digits only (sheet goto 2.1)."""
    return str(8_400_513 + 977 * (index % len(_CLERKS)))
