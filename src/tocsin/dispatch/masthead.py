"""What all messages of a mailing say of who sends them, from the settings of the site."""

from django.conf import settings

from tocsin.core.errors import BadSettings
from tocsin.core.messages import Address, Masthead, reply_token


def masthead(slug: str) -> Masthead:
    """Give what all messages of a mailing say of who sends them."""
    ours = settings.TOCSIN_MAILINGS
    if ours is None:
        raise BadSettings("nothing says in whose name appeals are mailed", where="mailings", hint="see site.toml")
    return Masthead(
        name=ours.name,
        sender=ours.sender,
        reply_to=reply_address(slug),
        bounces=ours.bounces,
        list_id=ours.list_id,
        leave=f"{ours.pages}leave/",
        archive=f"{ours.pages}appeals/{slug}/",
    )


def reply_address(slug: str) -> Address:
    """Give the address for answers about an appeal: where it may, it tells by a word which, the same for everybody."""
    ours = settings.TOCSIN_MAILINGS
    if ours is None:
        raise BadSettings("nothing says in whose name mail goes", where="mailings", hint="see site.toml")
    address: Address = ours.reply_to
    if not ours.reply_tokens or not slug:
        return address
    return Address(f"{address.local}+{reply_token(slug, settings.TOCSIN_REPLIES_KEY)}", address.domain)
