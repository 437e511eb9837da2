"""What the grounds of a restriction, and of using what is restricted, are called."""

from flask_babel import LazyString

from portal.core.http.languages import _l
from portal.purposes.restrictions.models import RestrictionGround, UseGround

GROUNDS: dict[RestrictionGround, LazyString] = {
    RestrictionGround.ACCURACY: _l("de school kijkt na of het klopt"),
    RestrictionGround.UNLAWFUL: _l("de school mag het niet gebruiken, en het mag niet gewist worden"),
    RestrictionGround.CLAIM: _l("het is nodig als bewijs"),
    RestrictionGround.OBJECTION: _l("er is bezwaar gemaakt, en de school denkt daarover na"),
}
USE_GROUNDS: dict[UseGround, LazyString] = {
    UseGround.CONSENT: _l("de cursist vindt het goed"),
    UseGround.CLAIM: _l("het is nodig als bewijs"),
    UseGround.RIGHTS_OF_ANOTHER: _l("het is nodig voor de rechten van iemand anders"),
    UseGround.PUBLIC_INTEREST: _l("het is nodig voor een belangrijk algemeen belang"),
}
