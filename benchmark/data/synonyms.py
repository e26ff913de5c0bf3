"""Which words of captions and tweets count as one: synonyms, groups of nouns, and words that show nothing.

The rule: two words are merged only where a photograph that one of them describes could be described with the
other (``large`` and ``huge``, ``photograph`` and ``picture``). Degrees stay apart where they carry sentiment
(``little`` and ``small``), and so do words for different things (``boy`` and ``man``).
"""

from collections.abc import Mapping


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ADJECTIVES = {
    "abandoned": "deserted derelict desolate forsaken neglected",
    "angry": "furious enraged irate outraged",
    "beautiful": "pretty gorgeous lovely stunning attractive handsome",
    "big": "large huge giant enormous massive gigantic",
    "black-and-white": "monochrome",
    "blond": "blonde",
    "calm": "serene tranquil peaceful",
    "cloudy": "overcast",
    "colorful": "colourful vibrant multicolored multi-colored colored multi-colored coloured",
    "crazy": "insane",
    "crowded": "packed",
    "cute": "adorable cuddly",
    "damaged": "broken cracked destroyed ruined battered wrecked torn shattered",
    "dead": "lifeless",
    "dirty": "filthy grimy messy",
    "empty": "vacant",
    "fat": "chubby obese",
    "fluffy": "furry",
    "gloomy": "dismal dreary bleak grim",
    "good": "nice",
    "gray": "grey",
    "great": "amazing awesome fantastic wonderful fabulous incredible",
    "happy": "cheerful joyful glad gleeful jolly",
    "naked": "nude",
    "old": "elderly aged",
    "sad": "unhappy depressed dejected miserable heartbroken downhearted",
    "scary": "creepy spooky frightening terrifying horrifying",
    "shiny": "sparkling glittering",
    "small": "tiny wee mini miniature",
    "snowy": "snow-covered",
    "strange": "weird odd bizarre",
    "stupid": "dumb idiotic",
    "tasty": "delicious yummy",
    "ugly": "hideous",
    "vintage": "antique retro old-fashioned",
    "wet": "soaked drenched",
}

_NOUNS = {
    "airplane": "plane jet jetliner airliner aeroplane aircraft",
    "bicycle": "bike",
    "boat": "sailboat ship",
    "building": "skyscraper",
    "car": "automobile",
    "cat": "kitten kitty feline",
    "child": "kid toddler",
    "couch": "sofa",
    "cow": "cattle",
    "dog": "puppy pup doggy doggie",
    "field": "meadow pasture",
    "forest": "woods woodland",
    "hill": "hillside slope",
    "house": "home",
    "man": "guy gentleman dude male",
    "motorcycle": "motorbike",
    "person": "people adult individual",
    "phone": "smartphone cellphone telephone",
    "photo": "photograph picture image pic snapshot",
    "racquet": "racket",
    "sea": "ocean",
    "skateboarder": "skater",
    "store": "shop",
    "street": "road",
    "suitcase": "luggage",
    "tv": "television",
    "woman": "lady female",
}

GROUPS: Mapping[str, tuple[str, ...]] = {
    "people": _words(
        "man woman boy girl child baby person player couple crowd group friend surfer skier "
        "skateboarder snowboarder rider student soldier teen teenager team family chef officer "
        "brother sister"
    ),
    "animals": _words(
        "dog cat horse bird cow bear elephant animal giraffe zebra sheep duck pony goat monkey lamb "
        "pug parrot lion tiger seagull chicken fish pig rabbit"
    ),
    "vehicles": _words(
        "bus train truck car boat airplane motorcycle bicycle vehicle scooter van engine helicopter "
        "taxi tram tractor wagon"
    ),
    "buildings": _words(
        "building house church tower store restaurant bridge station school village town city castle "
        "barn factory hotel hospital warehouse place estate market"
    ),
    "streets": _words(
        "street sidewalk intersection highway platform track walkway alley path lot traffic runway"
    ),
    "rooms": _words("room kitchen bathroom bedroom floor hallway office desk bed toilet apartment"),
    "landscapes": _words(
        "field hill mountain beach forest park countryside landscape grass area garden desert island "
        "valley view scenery land ground shore jungle canyon"
    ),
    "waters": _words("water sea lake river wave pool pond ocean waterfall"),
    "skies": _words(
        "day sky weather night evening morning afternoon cloud snow rain winter storm air sunset"
    ),
    "garments": _words(
        "shirt suit tie jacket dress hat uniform shorts outfit coat jeans skirt shoe clothes clothing "
        "pants helmet cap sweater hoodie jersey boot glove sock scarf wetsuit"
    ),
    "foods": _words(
        "pizza cake sandwich fruit food meal donut salad vegetable apple banana cookie bread soup "
        "chocolate broccoli carrot dish lunch dinner breakfast dessert meat burger plate"
    ),
    "bodies": _words("face eye hair smile body hand skin head leg mouth tooth arm"),
    "plants": _words("flower tree plant rose leaf bush branch petal"),
    "objects": _words(
        "bench table chair couch fence umbrella box clock sign window door seat wall suitcase bottle "
        "bag phone kite surfboard skateboard frisbee ball candle book hydrant light pole vase toy "
        "balloon blanket tire toothbrush laptop computer tv purse racquet bat mirror lamp flag heart"
    ),
}
"""Group of nouns (a plural, so that no noun is taken for it) to its members."""

UNSEEN_ADJECTIVES = frozenset(
    _words(
        "other own different various same such several many few last next first second third whole "
        "entire main top left right front back middle mid free available online daily weekly single "
        "multiple certain recent final official real true fucking social political national "
        "international new full past more most much less ready sure able possible following previous "
        "current early late prime absolute total ski skateboarding looking waiting close double "
        "living remote parked fashioned public light shaped retail low high male female adult asian"
    )
)
"""Adjectives that say nothing of how a thing looks, or that captions use for position and number."""

UNSEEN_NOUNS = frozenset(
    _words(
        "thing lot kind type bit way part side top end piece one other week time deal story moment "
        "year month hour minute fun love life event bunch variety pair row set amount number front "
        "back middle edge corner reason idea thought mind news song album post matter system control "
        "line place fan re today tomorrow space position distance background look"
    )
)
"""Nouns that no photograph shows, or that only count other things."""

COMPOUNDS = frozenset(
    _words(
        "hot_dog wet_suit living_room remote_control hot_chocolate smart_phone high_school hot_deal "
        "black_friday hot_air hot_tub hot_balloon stuffed_animal stuffed_bear good_morning good_night "
        "wild_card double_bus"
    )
)
"""Adjective and noun that together name a thing: the adjective says nothing of sentiment."""

GERUND_NOUNS = frozenset(
    _words(
        "building painting wing ring king ceiling clothing string evening morning wedding railing "
        "spring thing icing lighting crossing topping drawing awning meeting feeling pudding dressing "
        "being"
    )
)
"""Nouns in -ing that may head a compound; others are verbs there (``a young man surfing``)."""


def _to_canonical(table: Mapping[str, str]) -> dict[str, str]:
    return {form: word for word, forms in table.items() for form in forms.split()}


ADJECTIVES: Mapping[str, str] = _to_canonical(_ADJECTIVES)
"""Adjective to the one that it is counted as."""

THINGS = "things"
"""What the nouns of a concept are called that is joined over all groups."""

NOUNS: Mapping[str, str] = _to_canonical(_NOUNS)
"""Noun (singular) to the one that it is counted as."""

GROUP_OF: Mapping[str, str] = {noun: group for group, nouns in GROUPS.items() for noun in nouns}
"""Noun, as counted, to its group."""
