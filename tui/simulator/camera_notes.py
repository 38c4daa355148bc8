"""What technicians note while a customer shows them a thing through a phone's camera.

One block is one case, one line one note. `{pc}`, `{floor}`, `{room}`, `{n}`, `{day}`, `{amount}`
are filled in as in `scripts.py`.
"""

_CASES = {
    "en": """
Boiler shows F28. Customer points the camera at the gas valve: closed.
Valve opened, ignition after the second try.
Pressure {n}.1 bar. To be looked at again on {day}.

Router in the basement, all lamps red.
Wrong plug: the cable sits in the phone socket. Customer moved it.
DSL lamp steady after {n} minutes. Line attenuation noted, photo of the splitter stored.

Water under the dishwasher.
Photo of the hose: clamp is loose, a screw is missing.
Tap closed. Spare part ordered, {amount} EUR, technician comes on {day}.

Solar inverter: yellow lamp, error 301.
Breaker in the second row was off. Customer switched it on under instruction.
Inverter synchronises again. Serial number photographed.

Copier on floor {floor}, room {room}: paper jam that is not there.
Sensor flap behind door B broken off, see photo {n}.
Part sent by post. Copier can be used from tray 2 until then.

Lift door does not close on floor {floor}.
A pen in the lower guide. Removed by the caretaker while on camera.
Three runs without fault.

Rack {room}: second power supply blinks orange.
Reseated, still orange. Part number photographed for the exchange.
Exchange on {day}, {n} to 12 o'clock.

Damage claim, delivery {room}{n}: corner of the box crushed.
Screen cracked from the lower left. Four photos with a ruler.
Claim passed on to the carrier.

Coffee machine counts down and stops at {n}.
Brewing unit taken out and rinsed on camera, gasket is worn.
Works again. Gasket ordered, {amount} EUR.

Meter reading after a move.
Counter photographed twice, the first picture had glare.
""",
    "de": """
Heizung im Keller: Anzeige blinkt, Fehler E{n}.
Umwälzpumpe läuft heiß, Foto vom Typenschild gespeichert.
Pumpe abgeschaltet, Monteur kommt am {day}.

Waschmaschine pumpt nicht ab.
Flusensieb geöffnet: Münze und Knopf. Wieder eingesetzt, Probelauf ohne Fehler.

Zählerschrank: FI fällt nach {n} Minuten.
Kreis 4 abgeschaltet, seitdem Ruhe. Gefriertruhe als Ursache vermutet.
""",
    "fr": """
Chaudière à l'arrêt, voyant rouge.
Pression à 0,{n} bar : remise à niveau guidée à la caméra.
Redémarrage correct, à surveiller {day}.

Volet roulant bloqué au {floor}e étage.
Sangle déchirée, photo enregistrée. Pièce commandée ({amount} EUR).
""",
    "es": """
El aire acondicionado gotea en la sala {room}.
Filtro muy sucio, desagüe obstruido. El cliente lo limpia con ayuda.
Sin goteo después de {n} minutos.
""",
    "sv": """
Värmepumpen larmar, felkod {n}.
Luftfiltret igensatt, rengjort under samtalet. Larmet borta.
""",
    "ja": """
給湯器のエラー表示 {n}11。
ガス栓が閉まっていたことをカメラで確認、お客様が開栓。
点火を確認、様子見。
""",
}


def cases(language: str) -> tuple[tuple[str, ...], ...]:
    """All cases of a language, the English ones for a language that has none."""
    text = _CASES.get(language, _CASES["en"])
    return tuple(tuple(block.strip().splitlines()) for block in text.strip().split("\n\n"))


# A long inspection, which no short note holds.
PROTOCOL = tuple(
    f"Point {number}: {what}."
    for number, what in enumerate(
        (
            "housing, no visible damage, screws complete",
            "type plate photographed, readable after the second try",
            "mains cable, insulation intact, plug slightly scorched on one side",
            "display, two segments of the left digit do not light",
            "inlet filter, removed and rinsed by the customer, lime on the inside",
            "outlet hose, bent behind the cabinet, straightened while on camera",
            "main board, dust, no burnt parts to be seen, connector J4 reseated",
            "door gasket, dry, small crack at the top, to be exchanged at the next visit",
            "test run cold, two minutes, no fault code, normal sound",
            "test run warm, six minutes, temperature as set, no water under the machine",
            "customer instructed about the filter, leaflet sent by post",
            "serial number compared with the contract, warranty until the end of the year",
            "photos of all points stored with the session, two had to be repeated for glare",
            "agreed that the technician calls back the next morning between eight and nine",
        ),
        1,
    )
)
