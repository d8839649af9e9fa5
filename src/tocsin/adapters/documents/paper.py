"""A PDF that holds pictures of pages and nothing else: no information about itself, no date, no text, no name.

PDFium and Pillow write such files too, with the hour and the name of the program in them. The form is that of
ISO 32000-1, 7.5 (structure of a file) and 8.9.5 (pictures).
"""

from collections.abc import Iterable

_POINTS_A_PIXEL = 72 / 150


def pages_of_pictures(pictures: Iterable[tuple[bytes, int, int]]) -> bytes:
    """Make a PDF.

    Args:
        pictures: Of each page the JPEG in three colours, its width and its height in pixels.
    """
    objects: list[bytes] = [b"", b""]
    kids: list[int] = []
    for jpeg, width, height in pictures:
        number = len(objects) + 1
        across, up = round(width * _POINTS_A_PIXEL, 2), round(height * _POINTS_A_PIXEL, 2)
        drawing = f"q {across} 0 0 {up} 0 0 cm /P Do Q".encode()
        kids.append(number)
        objects += [
            (
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {across} {up}]/Contents {number + 1} 0 R"
                f"/Resources<</XObject<</P {number + 2} 0 R>>>>>>"
            ).encode(),
            _stream("", drawing),
            _stream(
                f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceRGB"
                "/BitsPerComponent 8/Filter/DCTDecode",
                jpeg,
            ),
        ]
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{each} 0 R' for each in kids)}]>>".encode()
    return _file(objects)


def _stream(entries: str, content: bytes) -> bytes:
    return f"<<{entries}/Length {len(content)}>>stream\n".encode() + content + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + each + b"\nendobj\n"
    start = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    written += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(written)
