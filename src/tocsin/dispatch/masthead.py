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
        reply_to=_with_token(ours.reply_to, slug) if ours.reply_tokens else ours.reply_to,
        bounces=ours.bounces,
        list_id=ours.list_id,
        leave=f"{ours.pages}leave/",
        archive=f"{ours.pages}appeals/{slug}/",
    )


def _with_token(address: Address, slug: str) -> Address:
    """Put behind the name of a mailbox what tells to which appeal an answer belongs: the same word for all readers."""
    return Address(f"{address.local}+{reply_token(slug, settings.TOCSIN_REPLIES_KEY)}", address.domain)
