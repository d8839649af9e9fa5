"""Invented appeals and one report: everybody and everything in them is made up, and so are the countries."""

import datetime as dt

from tocsin.core.appeal import (
    Act,
    Addressee,
    AppealDocument,
    Channel,
    Charge,
    Contact,
    Demand,
    Event,
    Facts,
    Group,
    Note,
    Opening,
    Paragraph,
    Person,
    Proceeding,
    Reference,
    Request,
    Section,
    Text,
    Unread,
    Violation,
)


def _code(number: int, country_number: int, follow_up: int | None = None) -> Reference:
    code = f"XZV {country_number:03} / 1126 / OBS {number:03}" + (f".{follow_up}" if follow_up else "")
    return Reference(code, code, "XZV", country_number, 11, 2026, "OBS", number, follow_up)


def _email(value: str) -> Channel:
    return Channel("email", value, value)


ENGLISH = AppealDocument(
    kind="urgent_appeal",
    language="en",
    title=Text("Zarvania: Lawyer Lena Marosh held at an unknown place"),
    reference=_code(91, 3),
    violations=(
        Violation("arbitrary_arrest", "Arbitrary arrest"),
        Violation("incommunicado", "Incommunicado detention"),
        Violation("search_seizure", "Search and seizure"),
    ),
    countries=("XZV",),
    issued_on=dt.date(2026, 11, 4),
    issued_at=("Velm", "Port Asha"),
    publishers=("Harbour Network for Human Rights Defenders", "League of Free Counsel (LFC)"),
    opening=Opening(
        "The Harbour Network for Human Rights Defenders, a partnership of Harbour and the League of Free Counsel "
        "(LFC), requests your urgent intervention in the following situation in Zarvania.",
        urgent=True,
    ),
    sections=(
        Section(
            "situation",
            "Description of the situation:",
            (
                Paragraph(
                    "The Network has been informed by reliable sources about the arbitrary arrest of Ms. Lena Marosh, "
                    "a lawyer and a founding member of the Quiet Water Centre[1], which gives free legal advice to "
                    "families evicted from the valley of the Orla.",
                    ("1",),
                ),
                Paragraph(
                    "According to the information received, on November 2, 2026, at around 8 pm, two men in plain "
                    "clothes entered the office of the Centre in Velm, showed no warrant, and took Ms. Marosh to a "
                    "grey car without number plates. Her assistant, who asked where she was being taken, was pushed "
                    "against the wall and told to “go home and forget the evening”."
                ),
                Paragraph(
                    "In the night to November 3, her flat was searched by six officers of the Directorate of Public "
                    "Order. Two laptops, a telephone and the files of fourteen families were taken. No list of what "
                    "was seized was left behind. On the morning of November 3, the duty officer of the police station "
                    "of the Second District told her sister that nobody of that name was held; a guard at the remand "
                    "prison of Velm said the opposite an hour later."
                ),
                Paragraph(
                    "Ms. Marosh had announced in October that she would file a complaint for three of the families "
                    "before the Court of Administrative Appeals[2]. Since then she had received nine telephone calls "
                    "from a withheld number in which nobody spoke. She has asthma and had no medicine with her when "
                    "she was taken away. At the time of publication of this urgent appeal, neither her family nor her "
                    "lawyers have been told where she is or what she is accused of.",
                    ("2",),
                ),
            ),
        ),
        Section(
            "position",
            None,
            (
                Paragraph(
                    "The Network strongly condemns the arbitrary arrest of Lena Marosh, which appears to be aimed only "
                    "at punishing her for her legitimate work, and is gravely concerned for her physical integrity."
                ),
                Paragraph(
                    "The Network recalls that the detention of a person without acknowledgement places that person "
                    "outside the protection of the law, and urges the authorities of Zarvania to say where she is."
                ),
            ),
        ),
        Section(
            "actions",
            "Actions requested:",
            (Paragraph("Please write to the authorities in Zarvania, urging them to:"),),
        ),
    ),
    demands=(
        Demand(
            "i",
            "Disclose without delay the whereabouts of Lena Marosh, and guarantee in all circumstances her physical "
            "integrity and psychological well-being;",
            ("disclose_whereabouts", "guarantee_integrity"),
            ("Lena Marosh",),
        ),
        Demand(
            "ii",
            "Release her immediately and unconditionally, since her detention is arbitrary;",
            ("release",),
            ("Lena Marosh",),
        ),
        Demand("iii", "Give her access to her lawyers, her family and a doctor, and to her medicine;"),
        Demand(
            "iv",
            "Carry out an immediate, thorough, impartial and transparent investigation into her arrest and into the "
            "search of her home, bring those responsible before an independent court, and return what was seized;",
        ),
        Demand(
            "v",
            "Put an end to all forms of harassment, including at the judicial level, against her and all human rights "
            "defenders in Zarvania.",
        ),
    ),
    addressees=(
        Addressee(
            "- H.E. Oren Tavik, President of the Republic of Zarvania, E-mail: office@president.example",
            style="H.E.",
            name="Oren Tavik",
            post="President of the Republic of Zarvania",
            channels=(_email("office@president.example"), Channel("twitter", "@TavikOffice", "@TavikOffice")),
            salutation="Excellency",
        ),
        Addressee(
            "- Ms. Irma Doskai, Minister of the Interior",
            style="Ms.",
            name="Irma Doskai",
            post="Minister of the Interior",
            channels=(
                _email("reception@interior.example"),
                Channel("fax", "+999225550141", "+ 999 22 555 01 41"),
                Channel("post", None, "4 Granary Square, Velm 1000"),
            ),
            salutation="Dear Minister",
        ),
        Addressee(
            "- Prosecutor General, E-mail: [email protected]",
            post="Prosecutor General",
            channels=(
                Channel("email", None, "[email protected]"),
                Channel("phone", "+999225550177", "+ 999 22 555 01 77"),
            ),
        ),
        Addressee(
            "- H.E. Mr. Pavlo Renn, Ambassador",
            style="H.E.",
            title="Mr.",
            name="Pavlo Renn",
            post="Permanent Representative of Zarvania to the Assembly of Nations",
            location="Port Asha, Belmara",
            channels=(_email("mission@zarvania.example"),),
            copy=True,
        ),
    ),
    requests=(
        Request(
            "write_to_mission",
            "Please also write to the diplomatic mission or embassy of Zarvania located in your country.",
        ),
        Request(
            "report_action",
            "Kindly inform us of any action undertaken quoting the code of this appeal, XZV 003 / 1126 / OBS 091, in "
            "your reply.",
        ),
    ),
    notes=(
        Note("1", "The Quiet Water Centre was founded in 2019 and has been refused registration twice."),
        Note("2", "See the open letter of the Network of 12 October 2026."),
    ),
    contacts=(
        Contact("email", "appeals@harbour.example", "Appeals@harbour.example"),
        Contact("phone", "+999415550122", "+ 999 41 555 01 22", "Harbour"),
        Contact("phone", "+998205550188", "+ 998 20 555 01 88", "LFC"),
    ),
    about=Text(
        "The Harbour Network for Human Rights Defenders was created in 2004 by Harbour and the League of Free Counsel "
        "(LFC). It aims to prevent or remedy situations of repression against human rights defenders."
    ),
    facts=Facts(people=(Person("Lena Marosh", "Ms.", "defender", organisations=("Quiet Water Centre",)),)),
)

FRENCH = AppealDocument(
    kind="new_information",
    language="fr",
    title=Text("Zarvanie : Libération sous conditions de M. Iván Coreth et poursuite du harcèlement judiciaire"),
    reference=_code(64, 2, follow_up=1),
    violations=(
        Violation("conditional_release", "Libération sous conditions"),
        Violation("judicial_harassment", "Harcèlement judiciaire"),
    ),
    countries=("XZV",),
    issued_on=dt.date(2026, 12, 1),
    issued_at=("Port Asha",),
    publishers=("Réseau Harbour",),
    opening=Opening(
        "Le Réseau Harbour a reçu de nouvelles informations et vous prie d’intervenir de toute urgence sur la "
        "situation suivante en Zarvanie.",
        urgent=True,
    ),
    sections=(
        Section(
            "new_information",
            "Nouvelles informations :",
            (
                Paragraph(
                    "Le Réseau a été informé par des sources fiables de la libération sous conditions de M. Iván "
                    "Coreth, journaliste et secrétaire général de l’association « Rivières libres »."
                ),
                Paragraph(
                    "Selon les informations reçues, le 28 novembre 2026, à 19h30, le tribunal de Velm a ordonné sa "
                    "libération contre une caution de 4’350 couronnes et lui a interdit de quitter la ville."
                ),
            ),
        ),
        Section(
            "background",
            "Rappel des faits :",
            (Paragraph("Le 7 novembre 2026, M. Coreth a été arrêté à son domicile par quatre policiers."),),
        ),
        Section("actions", "Actions requises :", (Paragraph("Merci d’écrire aux autorités en leur demandant de :"),)),
    ),
    demands=(
        Demand("1", "Mettre un terme à toute forme de harcèlement à l’encontre de M. Iván Coreth ;"),
        Demand("2", "Lever l’interdiction de quitter la ville de Velm."),
    ),
    addressees=(
        Addressee(
            "M. Tomas Belk, Ministre de la justice",
            style="M.",
            name="Tomas Belk",
            post="Ministre de la justice",
            channels=(Channel("website", "https://justice.example/contact", "justice.example/contact"),),
        ),
    ),
    contacts=(Contact("email", "appels@harbour.example", "appels@harbour.example"),),
)

SPANISH = AppealDocument(
    kind="urgent_appeal",
    language="es",
    title=Text("Ostrevia: Asesinato de la defensora Sra. Amaya Quell"),
    reference=Reference("XOS001/0726/OBS 040", "XOS 001 / 0726 / OBS 040", "XOS", 1, 7, 2026, "OBS", 40),
    violations=(Violation("killing", "Asesinato"), Violation("death_threat", "Amenazas de muerte")),
    countries=("XOS",),
    issued_on=dt.date(2026, 7, 7),
    issued_at=("Puerto Asha", "Lirén"),
    opening=Opening(
        "La Red Harbour solicita su intervención URGENTE ante la siguiente situación en Ostrevia.", urgent=True
    ),
    sections=(
        Section(
            "situation",
            "Descripción de la situación:",
            (
                Paragraph(
                    "La Red ha recibido con grave preocupación informaciones sobre el asesinato de la Sra. Amaya "
                    "Quell, integrante del Consejo de Mujeres de Lirén¹.",
                    ("1",),
                ),
                Paragraph("El 4 de julio de 2026, hacia las 6:00 a.m., dos hombres en motocicleta le dispararon."),
            ),
        ),
    ),
    demands=(
        Demand(None, "Garantizar la integridad física y psicológica de su familia;"),
        Demand(None, "Llevar a cabo una investigación inmediata, exhaustiva e imparcial."),
    ),
    addressees=(
        Addressee(
            "General de División Bruno Ostek, Secretario de Seguridad",
            title="General de División",
            name="Bruno Ostek",
            post="Secretario de Seguridad",
            channels=(Channel("phone", "+997315550102", "(31) 555 01 02"),),
        ),
    ),
    requests=(Request("report_action", "Les agradecemos que nos informen de cualquier acción, citando el código."),),
    notes=(Note("1", "El Consejo reúne a doce cooperativas de la costa."),),
)

ARABIC = AppealDocument(
    kind="urgent_appeal",
    language="ar",
    title=Text("بلمارا: اعتقال تعسفي للمدافع عن حقوق الإنسان سامر الورداني"),
    reference=Reference("XBM 004 / 1126 / OBS 095", "XBM 004 / 1126 / OBS 095", "XBM", 4, 11, 2026, "OBS", 95),
    violations=(Violation("arbitrary_arrest", "اعتقال تعسفي"), Violation("travel_ban", "منع من السفر")),
    countries=("XBM",),
    issued_on=dt.date(2026, 11, 18),
    issued_at=("بورت آشا",),
    publishers=("شبكة الميناء لحماية المدافعين عن حقوق الإنسان (Harbour)",),
    opening=Opening("تطلب شبكة الميناء (Harbour) تدخلكم العاجل في الحالة التالية في بلمارا.", urgent=True),
    sections=(
        Section(
            "situation",
            "وصف الحالة:",
            (
                Paragraph(
                    "تلقت الشبكة من مصادر موثوقة معلومات عن الاعتقال التعسفي للسيد سامر الورداني، عضو مركز "
                    "Quiet Water Centre[1] الذي يقدم المشورة القانونية المجانية للأسر المهجرة.",
                    ("1",),
                ),
                Paragraph(
                    "وفقا للمعلومات الواردة، في 16 نوفمبر 2026 في حوالي الساعة 20:30، أوقف ثلاثة رجال بملابس مدنية "
                    "السيد الورداني في مطار بورت آشا وصادروا جواز سفره. وقد أشير إلى القضية في النداء "
                    "XBM 004 / 1126 / OBS 095 وفي رسالة إلى interior@belmara.example دون رد."
                ),
            ),
        ),
        Section("actions", "الإجراءات المطلوبة:", (Paragraph("يرجى الكتابة إلى سلطات بلمارا وحثها على:"),)),
    ),
    demands=(
        Demand("1", "الإفراج الفوري وغير المشروط عن سامر الورداني؛"),
        Demand("2", "ضمان سلامته الجسدية والنفسية في جميع الظروف؛"),
        Demand("3", "وضع حد لجميع أشكال المضايقة ضد المدافعين عن حقوق الإنسان في بلمارا."),
    ),
    addressees=(
        Addressee(
            "السيدة Irma Doskai",
            style="السيدة",
            name="Irma Doskai",
            post="وزيرة الداخلية",
            channels=(
                _email("interior@belmara.example"),
                Channel("phone", "+996125550119", "+ 996 12 555 01 19"),
                Channel("twitter", "@BelmaraInterior", "@BelmaraInterior"),
            ),
            salutation="معالي الوزيرة",
        ),
        Addressee(
            "السيد ناجي الحلواني",
            style="السيد",
            name="ناجي الحلواني",
            post="النائب العام",
            channels=(Channel("post", None, "12 شارع المرفأ، بورت آشا"),),
        ),
    ),
    requests=(Request("report_action", "يرجى إبلاغنا بأي إجراء يُتخذ مع ذكر رمز هذا النداء في ردكم."),),
    notes=(Note("1", "تأسس المركز عام 2019 ورُفض تسجيله مرتين."),),
    contacts=(Contact("email", "appeals@harbour.example", "appeals@harbour.example", "Harbour"),),
)

REPORT = AppealDocument(
    kind="report",
    language="en",
    title=Text("Teacher taken away in Orlo"),
    issued_on=dt.date(2026, 11, 3),
    sections=(
        Section("other", None, (Paragraph("Dear friends,"),)),
        Section(
            "situation",
            None,
            (
                Paragraph(
                    "On 2 November at around 8 pm, two men in plain clothes took Daro Linnet from the school in Orlo. "
                    "He was reportedly beaten. A colleague says he is accused of insulting the mayor (Article 312)."
                ),
                Paragraph("The police have refused to register a complaint by his wife."),
            ),
        ),
    ),
    contacts=(Contact("phone", "+999225550133", "+999 22 555 01 33"),),
    facts=Facts(
        people=(
            Person("Daro Linnet", role="defender", described_as=("teacher",), organisations=("Orlo Teachers’ Circle",)),
        ),
        groups=(Group("two men in plain clothes", 2, "unknown"),),
        events=(
            Event(
                "2026-11-02",
                "20:00",
                "hour",
                "On 2 November at around 8 pm",
                ambiguous=False,
                sentence="On 2 November at around 8 pm, two men in plain clothes took Daro Linnet from the school "
                "in Orlo.",
                acts=(
                    Act(
                        "abduction",
                        "took",
                        victims=("Daro Linnet",),
                        actors=("two men in plain clothes",),
                        voice="active",
                    ),
                ),
                places=("Orlo",),
            ),
            Event(
                "2026-11",
                None,
                "month",
                None,
                ambiguous=True,
                sentence="He was reportedly beaten.",
                acts=(Act("physical_attack", "beaten", "beaten", victims=("Daro Linnet",), voice="passive"),),
                hedges=("reportedly",),
            ),
        ),
        charges=(
            Charge(
                "insulting the mayor",
                "Article 312",
                person="Daro Linnet",
                status="announced",
                attribution="a colleague",
            ),
        ),
        proceedings=(
            Proceeding(
                "for_defender",
                "refused",
                dt.date(2026, 11, 3),
                "The police have refused to register a complaint by his wife.",
            ),
        ),
    ),
    unread=(Unread((0, 19), "ref: blue notebook!"),),
)

INVENTED = {
    "arabic_appeal": ARABIC,
    "english_appeal": ENGLISH,
    "french_follow_up": FRENCH,
    "partner_report": REPORT,
    "spanish_appeal": SPANISH,
}
