"""Old appeals of invented countries as files of an archive: what a page of a site holds, as text."""

from pathlib import Path

ENGLISH = """{country}: Arbitrary arrest of Ms. Lena Marosh, a lawyer{title_end}

{mark}

{code}
Arbitrary arrest / Judicial harassment
{country}

{day}

The Observatory for Human Rights Defenders, a partnership of the Global Bar Against Torture (GBAT) and the Meridian \
Human Rights League (MHRL), {opening} \
in the following situation in {country}.

{heading}

The Observatory has been informed by reliable sources about the arbitrary arrest of Ms. Lena Marosh, a lawyer of the \
Quiet Water Centre. {more}

Actions requested:

Please write to the authorities of {country}, urging them to:

i. Release Ms. Lena Marosh immediately and unconditionally;

ii. Put an end to all acts of harassment against her.

Addresses:

- H.E. Mr. Anton Belkar, President of {country}, Fax: + 33 1 99 00 47 12
{end}"""
FRENCH = """{country} : Arrestation arbitraire de Mme Lena Marosh, avocate

{code}
Arrestation arbitraire / Harcèlement judiciaire
{country}

{day}

L’Observatoire pour les défenseurs des droits humains vous prie d’intervenir de toute urgence sur la situation \
suivante en {country}.

Description de la situation :

L’Observatoire a été informé par des sources fiables de l’arrestation arbitraire de Mme Lena Marosh, avocate du \
Centre des eaux calmes.

Actions requises :

Merci d’écrire aux autorités de {country} en leur demandant de :

i. Libérer Mme Lena Marosh immédiatement et sans conditions ;
"""


def english(
    code: str = "XZV 001 / 0309 / OBS 040",
    day: str = "March 12, 2009",
    *,
    country: str = "Zarvania",
    more: str = "She was taken from her office on March 10, 2009.",
    end: str = "",
    follow_up: bool = False,
) -> str:
    """Give the text of an appeal in English; without a code or a day where they are empty."""
    return ENGLISH.format(
        country=country,
        code=code,
        day=day,
        more=more,
        end=end,
        title_end="",
        mark="New information" if follow_up else "URGENT APPEAL - THE OBSERVATORY",
        opening=(
            "has received new information and requests your urgent intervention"
            if follow_up
            else "requests your urgent intervention"
        ),
        heading="New information:" if follow_up else "Description of the situation:",
    )


def french(code: str = "XZV 001 / 0309 / OBS 040", day: str = "le 12 mars 2009", *, country: str = "Zarvanie") -> str:
    """Give the text of an appeal in French."""
    return FRENCH.format(country=country, code=code, day=day)


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write files of an archive into a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder
