# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words about words, for the search of similar texts; pure.

What says nothing, what compounds are made of, what means the same. General German and some English; no
names of places, organisations or topics. Whoever changes a word raises `ENGINE_VERSION` in
`charta/text/similar.py`, so that stored terms are made anew.
"""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.casefold().split())


# Words without a topic: function words, and what nearly every contribution says (we need, there should be).
STOP_WORDS = _words("""
    aber alle allem allen aller alles als also am an andere anderem anderen anderer anderes ans auch auf
    aus außer außerdem bald bei beide beiden beim bereits besonders besser bessere besseren besserer
    besseres besten bin bis bisher bist bleiben bleibt bloß brauche brauchen braucht bräuchte bräuchten
    bzw da dabei dadurch dafür dagegen daher dahin damit danach daneben dann daran darauf daraus darf
    darin darüber darum das dass davon dazu dein deine dem den denen denn dennoch der deren des deshalb
    dessen deswegen dich die dies diese diesem diesen dieser dieses dir doch dort drin dringend du durch
    dürfen dürfte eben ebenso eher ein eine einem einen einer eines einfach einige einigen einiges einmal
    endlich entweder er erst erstmal es etc etwa etwas euch euer eure fehlen fehlende fehlt finde finden
    findet fordere fordern fordert für gab ganz ganze ganzen gar geben gegen gehen geht gehört gemacht
    genau genug gerade gern gerne gesamte gesamten gibt gilt gleich große großen großer großes gut gute
    guten guter gutes habe haben hat hatte hätte hätten heute hier hin hinter ich ihm ihn ihnen ihr ihre
    ihrem ihren ihrer ihres im immer in indem ins insbesondere ist ja je jede jedem jeden jeder jedes
    jedoch jemand jene jetzt kam kann kaum kein keine keinem keinen keiner keines komme kommen kommt
    können könnte könnten künftig lange lassen leider letzte letzten lieber machen macht mal man manche
    manchmal mehr mein meine meinem meinen meiner meist mich mindestens mir mit möchte möchten möglich
    müssen müsste müssten muß muss nach nachdem nämlich natürlich neben nein nicht nichts nie niemand noch
    nötig notwendig nun nur ob oben oder oft ohne per quasi raus rein schon sehr sei seid sein seine
    seinem seinen seiner seines seit seitdem selber selbst sich sie sind so sobald sofern sofort sogar
    solange solch solche solchen soll sollen sollte sollten somit sondern sonst sorgen sowie sowohl statt
    stärker stärkere stets tun über überall überhaupt übrigens um und uns unser unsere unserem unseren
    unserer unseres unter usw viel viele vielen vieler vieles vielleicht vom von vor vorhanden wann war
    wäre wären waren warum was weder weg wegen weil weiter weitere weiteren weniger wenn wer werde werden
    wessen weshalb wichtig wichtige wichtigen wie wieder will wir wird wirklich wo wobei wofür wohin
    wollen worden worüber wünsche wünschen wünscht würde würden wurde wurden ziemlich zu zum zur
    zusätzlich zwar zwischen ab bekommen bekommt bzgl dh evtl ggf halten hält hierfür lang leicht lässt
    mag mögen nah nahe neu neue neuen neuer neues nächste nächsten nächstes oberste passieren passiert
    schaffen schafft schlagen vorschlagen vorschlag sagen sagt schön sehen sieht spät später stehen steht
    stellen stellt tag tage tut ungefähr wissen weiß zb zeigen zeigt ziehen während welche welchen welcher
    welches welchem selten wenig wenige wenigen zuwenig gesucht gebe gäbe käme bringen bringt nehmen nimmt
    gleichzeitig zugleich trotzdem fest feste innen frau herr stunde jahr jahre jahren jahres monat monate
    woche beispiel beispielsweise thema bereich möglichkeit möglichkeiten problem probleme frage fragen
    sache dinge art weise fall situation a about all and any are as at be been but by can could do for
    from get give has have how i if into is it its just less like make many may more most much must need
    needs new no not of on one only or other our out should some such than that the their them then there
    these they this to too up us very want we well were what when where which who why with would you your
""")

# What compounds are made of. Each also stands for its inflected forms; parts may be compounds themselves.
PARTS = _words("""
    abbau abfall abgas abgabe ablauf abschluss absatz abteilung abwanderung abwärme agentur akademie
    aktion akzeptanz allianz alltag alter analyse anbindung anerkennung anforderung angebot anlage anlauf
    anmeldung anreiz ansiedlung ansprechpartner antrag antrieb anwendung anzeige arbeit arbeiter
    arbeitgeber arbeitnehmer arbeitsplatz art arzt ärzte atmosphäre aufbau aufgabe aufklärung auflage
    aufnahme aufsicht auftrag ausbau ausbilder ausbildung ausland ausrüstung ausstattung austausch auswahl
    auszubildende auto autobahn automation automatisierung automobil azubi bahn bahnhof bank barriere
    basis batterie bau bauer beamte bedarf bedingung behörde behinderung belastung belegschaft berater
    beratung bereitschaft bericht beruf beschäftigte beschäftigung bestand beteiligung betreuung betrieb
    betriebsrat bewegung bewerber bewerbung bewusstsein bezahlung bezug bibliothek bildung bildschirm
    bindung bio blech boden bonus börse branche breitband brücke budget bund bündnis bürger bürgermeister
    bürokratie büro bus chance chemie chip cloud cluster computer dach daten datenschutz dauer deckung
    demokratie design dialog dienst dienstleister dienstleistung digital digitalisierung diskussion dorf
    druck durchlässigkeit ebene effizienz ehrenamt eigentum eigentümer einführung eingang einheit einkauf
    einkommen einrichtung einsatz einsparung einstieg einwanderung einwohner eisen elektriker elektro
    elektroauto elektromobilität elektronik eltern emission ende energie engagement engpass entgelt
    entlastung entscheidung entwickler entwicklung erfahrung erfolg ergebnis erhalt erzeugung essen euro
    europa experte export fabrik fach facharbeiter fachkraft fachkräfte fachleute fähigkeit fahrer
    fahrplan fahrrad fahrt fahrzeug familie farbe fertigung feld ferien feuerwehr film finanzierung firma
    fläche flexibilität flotte flughafen fluss folge förderer förderung förder fonds form forscher
    forschung forst forum foren freiheit freizeit frauen frist früh führerschein führung funk fuß gas gast
    gebäude gebiet gebühr gefahr gehalt geld gemeinde gemeinschaft generation gerät gericht geschäft
    geschichte geschwindigkeit gesellschaft gesetz gespräch gestaltung gesundheit gewalt gewerbe
    gewerkschaft gewinn gießerei glas glasfaser gleis glück grenze gründer gründung grund grundlage gruppe
    güter gymnasium hafen halle halbleiter haltestelle hand handel handlung handwerk haus haushalt heim
    heimat heizung helfer herkunft hersteller herstellung hilfe hochschule hof holz hotel hürde idee image
    industrie informatik information infrastruktur ingenieur initiative innenstadt innovation insolvenz
    institut integration intelligenz interesse international internet investition investor jugend
    jugendliche kabel kammer kampagne kapital karriere karte kasse kauf kenntnis kette kind kinder
    kindergarten kirche kita klasse klima knoten kohle kollege kommune kommunikation kompetenz komponente
    konferenz konjunktur konkurrenz kontakt konto kontrolle konzept konzern kooperation körper kosten
    kraft krankenhaus kredit kreis kreislauf krise kultur kunde kunst kunststoff kurs kurzarbeit labor
    laden lade ladepunkt ladesäule lager land landkreis landschaft landwirtschaft last lastwagen leasing
    leben leder lehre lehrer lehrgang lehrling lehrstelle leistung leit leiter leitung lern lernen licht
    liefer lieferant lieferkette lieferung linie liste lizenz logistik lohn lösung lotse luft management
    mangel männer marketing marke markt marktplatz maschine maß maßnahme material mechanik mechatronik
    medien medizin medizintechnik meinung meister menschen merkmal messe messung metall miete migration
    mindest minister mitarbeiter mitbestimmung mittel mittelstand mobil mobilfunk mobilität modell modul
    montage motor müll museum musik mut nachfolge nachfolger nachfrage nachhaltigkeit nachwuchs nahverkehr
    natur netz netzwerk norm notfall nutzen nutzer nutzung oberfläche oberschule öffentlichkeit öffnung öl
    ordnung organisation ort park parkplatz partei partner partnerschaft patent pause pendler pension
    personal perspektive pflege pflicht plan planung platz plattform polen politik polizei post praktikum
    praktikant praktika praxis preis presse prämie produkt produktion produktivität professor programm
    projekt prozess prüfung prüfstand publikum qualifikation qualifizierung qualität quartier quelle quote
    rad rahmen rat rathaus raum recht rechenzentrum recycling reform regel regelung region reise rente
    reparatur ressource rest risiko roboter robotik rohstoff rücken ruhe saal sanierung säule schicht
    schiene schlosser schnelligkeit schnitt schule schüler schul schulung schutz schweißer schwerpunkt
    selbstständig senior sensor service sicherheit signal sitz software solar sonne sorge sozial
    spezialist sparkasse speicher spiel spitze sport sprach sprache staat stadt stahl stammtisch stand
    standard standort start startup station statistik stelle steuer stiftung stipendium stoff straße
    strategie strecke streik strom struktur strukturwandel student studenten studie studium stufe suche
    sucht system tagung takt tarif tätigkeit teil teilhabe teilzeit technik techniker technologie telefon
    termin test textil ticket tier tochter tool tourismus tradition training transfer transformation
    transparenz transport treffen treib treffpunkt trend turnhalle übergabe übergang überlastung übernahme
    umbau umfeld umfrage umgebung umland umsatz umschulung umsetzung umstellung umstieg umwelt unfall
    union universität unternehmen unternehmer unterricht unterstützung urlaub verband verbindung verbrauch
    verbrenner verbrennung verbund verein vereinbarkeit verfahren vergabe vergütung verhalten verkauf
    verkehr verlag verlagerung verlust vermittlung vermögen vernetzung verpackung versicherung versorgung
    vertrag vertrauen vertreter vertretung vertrieb verwaltung verwertung vielfalt vision volk vorbild
    vorgabe vorschrift wachstum wahl wald wandel wärme ware wärmepumpe wasser wasserstoff web wechsel weg
    weiterbildung welt werbung werk werkstatt werkstoff werkzeug wert wettbewerb wettbewerbsfähigkeit
    willkommen wind windkraft winter wirkung wirtschaft wissen wissenschaft wohn wohnen wohnraum wohnung
    zahl zahlung zeit zeitung zentrum zertifikat zeugnis ziel zins zoll zucht zugang zukunft zulage
    zulassung zulieferer zulieferung zuschuss zuschlag zusammenarbeit zustand zuwanderung zweck
    alt fern gesamt gering grün haupt hoch innen klein kurz groß lang leer mehr mini neben quer sonder
    voll vor wieder zwischen schnell tief zusatz außen spät nacht
""")
# Words of one line mean nearly the same in a contribution; the first one stands for all of them.
SAME_MEANING = tuple(
    line.split()
    for line in """
    energie strom
    preis kosten teuer verteuerung
    betrieb unternehmen firma firmen
    mitarbeiter beschäftigte belegschaft arbeitnehmer personal kollege angestellte
    auszubildende azubi lehrling
    weiterbildung qualifizierung schulung fortbildung kurs lehrgang qualifikation seminar training
    ausbildung lehre
    hochschule universität uni fachhochschule
    zusammenarbeit kooperation kooperieren zusammenarbeiten
    batterie akku akkumulator
    elektroauto eauto elektrofahrzeug elektromobilität emobilität stromer
    recycling wiederverwertung wiederverwerten recyceln verwerten
    nahverkehr öpnv bus busverbindung buslinie
    bahn zug schiene gleis eisenbahn bahnverbindung
    jugendliche junge jugend
    kita kitas kindergarten kindergärten kinderbetreuung kinderkrippe krippe hort
    fachkraft fachkräfte facharbeiter fachleute fachpersonal
    verbrenner verbrennungsmotor dieselmotor benziner
    ladesäule ladepunkt ladestation ladeinfrastruktur wallbox
    bürokratie bürokratisch formular papierkram
    antrag beantragen förderantrag
    förderung fördermittel förderprogramm zuschuss
    breitband glasfaser internet internetanschluss
    ausland ausländisch ausländer zuwanderung zugewanderte migration migrant einwanderung
    bezahlbar günstig erschwinglich preiswert
    senken runter reduzieren verringern absenken
    vereinfachen kompliziert unbürokratisch einfacher
    nachfolge nachfolger betriebsübergabe unternehmensübergabe
    wohnung wohnraum miete
    fahrrad rad radweg radverkehr
    lastwagen lkw laster
    hilfe unterstützung unterstützen helfen
    lohn gehalt entgelt vergütung bezahlung
    entlassung stellenabbau kündigung arbeitsplatzabbau arbeitsplatzverlust
    automatisierung automation roboter robotik
    fertigung produktion herstellung produzieren fertigen herstellen
    zulieferer zulieferung lieferant
    lieferkette zulieferkette
    langfristig dauerhaft nachhaltig
    verlässlich zuverlässig planungssicherheit planbarkeit planbar
    politik politisch politiker
    mittelstand kmu mittelständler mittelständisch
    gründer gründung startup existenzgründung existenzgründer
    beratung beraten berater
    elektrifizierung elektrifizieren
    ansiedeln ansiedlung ansiedelung
    digitalisierung digital digitalisieren
    homeoffice heimarbeit telearbeit
    dialog mitreden mitsprache mitbestimmung beteiligung beteiligen
    freistellung freistellen freigestellt
    abschluss berufsabschluss
    anerkennung anerkennen anerkannt
    vernetzung vernetzen vernetzt netzwerk
    praktikum praktika praktikant
    leer leerstand leerstehend
    kapital wagniskapital beteiligungskapital
    klima klimaschutz klimaneutral klimaneutralität
    werkhalle industriehalle fabrikhalle halle
    rente ruhestand pension
    lehrer lehrkraft lehrkräfte lehrpersonal
    arzt ärzte hausarzt
    lernen
    frauen frau
    vereinbarkeit
    wasserstoff
    übernahme übernehmen
    investition investieren investitionen
    planung planen
""".strip().splitlines()
)

# Words that say little about what a contribution is about, because so many speak of them: they count half,
# and two contributions that share nothing else are not alike.
GENERAL = _words("""
    betrieb mitarbeiter fachkräfte region regional land stadt ort arbeit arbeiten mensch leute industrie
    wirtschaft zukunft zeit klein groß kurz lang schnell hoch alt haus teil plan stelle fach
""")
# Several words that are one, and their short form.
PHRASES = {
    "künstliche intelligenz": "ki",
    "künstlicher intelligenz": "ki",
    "künstlichen intelligenz": "ki",
    "artificial intelligence": "ki",
    "e-auto": "eauto",
    "e-autos": "eauto",
    "e-mobilität": "emobilität",
    "start-up": "startup",
    "start-ups": "startup",
    "home-office": "homeoffice",
    "home office": "homeoffice",
    "freie stelle": "stelle",
}
