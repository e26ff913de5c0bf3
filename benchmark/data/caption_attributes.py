"""Words by which a caption says that a scene has an attribute: a weak supplement to human votes.

A caption that has none of an attribute's words counts against it: captions name what is salient. Attributes
that captions rarely deny by silence (``natural``, ``warm``) are counted against only by a word of their
opposite. Attributes without words here are not judged by captions at all.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from benchmark.data.tweet_text import clean_text

WORDS: Mapping[str, str] = {
    "sailing/ boating": "boat sailboat sailing boating canoe kayak yacht raft",
    "driving": "driving highway traffic freeway",
    "biking": "bike bicycle biking cyclist bicyclist",
    "transporting things or people": "bus train truck taxi tram ferry airport airplane subway",
    "sunbathing": "sunbathing sunbather",
    "vacationing/ touring": "tourist vacation sightseeing touring resort",
    "hiking": "hiking hiker backpacker",
    "climbing": "climbing climber",
    "camping": "tent camping campsite campground",
    "reading": "reading library bookstore bookshelf",
    "studying/ learning": "student studying classroom",
    "diving": "diver scuba",
    "swimming": "swimming swimmer pool",
    "bathing": "bathtub tub shower bathing",
    "eating": "eating meal restaurant dinner lunch breakfast cafe",
    "cleaning": "cleaning washing laundry sweeping",
    "socializing": "party chatting socializing gathering conversation",
    "congregating": "crowd crowded gathered gathering audience",
    "waiting in line/ queuing": "queue waiting_in_line line_of_people",
    "competing": "competition match race competing tournament",
    "sports": "tennis baseball soccer football basketball skateboard skateboarder surfer skier snowboarder "
    "frisbee golf hockey",
    "exercise": "jogging exercising gym running workout",
    "playing": "playing plays play playground",
    "gaming": "wii video_game video_games casino",
    "spectating/ being in an audience": "spectator audience stadium onlooker fans",
    "farming": "farm farmer crop tractor cattle barn orchard",
    "constructing/ building": "construction scaffolding crane",
    "shopping": "shopping market store shopper mall supermarket",
    "medical activity": "hospital doctor nurse surgery",
    "working": "worker office working workshop",
    "conducting business": "office meeting conference",
    "praying": "church praying chapel temple mosque",
    "fencing": "fence fenced",
    "railing": "railing balcony",
    "wire": "wire power_line power_lines",
    "railroad": "railroad railway train train_track train_tracks rail",
    "trees": "tree forest woods orchard jungle",
    "grass": "grass grassy lawn meadow pasture",
    "vegetation": "tree grass grassy bush plant forest jungle foliage garden lush",
    "shrubbery": "bush shrub hedge",
    "foliage": "foliage tree leaves leafy jungle",
    "leaves": "leaf leaves leafy",
    "flowers": "flower rose tulip daisy blossom",
    "asphalt": "street road highway asphalt runway",
    "pavement": "sidewalk pavement street crosswalk",
    "carpet": "carpet rug carpeted",
    "brick": "brick",
    "tiles": "tile tiled",
    "concrete": "concrete cement",
    "metal": "metal steel iron",
    "paper": "paper newspaper book magazine",
    "wood (not part of a tree)": "wooden wood",
    "rubber/ plastic": "plastic rubber",
    "cloth": "cloth fabric blanket towel curtain",
    "sand": "sand sandy beach desert dune",
    "rock/stone": "rock stone rocky cliff boulder",
    "dirt/soil": "dirt soil mud muddy",
    "marble": "marble",
    "glass": "glass",
    "waves/ surf": "wave surf surfer surfing",
    "ocean": "ocean sea",
    "running water": "river stream waterfall fountain creek",
    "still water": "lake pond",
    "ice": "ice icy frozen iceberg",
    "snow": "snow snowy ski skier skiing snowboarder snowboard",
    "clouds": "cloud cloudy overcast",
    "smoke": "smoke steam",
    "fire": "flame campfire fireplace bonfire burning",
    "natural light": "sunlight daylight sunny sky outdoors",
    "direct sun/sunny": "sunny sunshine sunlight",
    "electric/indoor lighting": "lamp chandelier fluorescent indoors kitchen bathroom bedroom",
    "aged/ worn": "old worn rusty rusted abandoned antique vintage rundown",
    "glossy": "shiny glossy polished",
    "moist/ damp": "wet rainy damp soaked rain",
    "dry": "dry desert arid",
    "dirty": "dirty muddy filthy grimy",
    "rusty": "rusty rusted rust",
    "warm": "sunny warm desert tropical summer",
    "cold": "snow snowy cold ice icy frozen winter",
    "natural": "forest mountain field lake ocean beach meadow desert river jungle grassy",
    "man-made": "building street city kitchen bathroom bedroom office store bus station",
    "open area": "field beach ocean desert meadow plain runway",
    "enclosed area": "room kitchen bathroom bedroom hallway indoors closet",
    "far-away horizon": "horizon ocean prairie",
    "rugged scene": "rocky mountain cliff rugged canyon",
    "cluttered space": "cluttered messy clutter",
    "scary": "scary creepy spooky haunted",
    "soothing": "calm peaceful serene tranquil",
    "stressful": "crowded traffic chaotic hectic",
}
"""Attribute of the SUN Attribute database to its words; ``_`` joins the words of a phrase."""

OPPOSITES: Mapping[str, str] = {
    "natural": "man-made",
    "man-made": "natural",
    "open area": "enclosed area",
    "enclosed area": "open area",
    "natural light": "electric/indoor lighting",
    "electric/indoor lighting": "natural light",
    "moist/ damp": "dry",
    "dry": "moist/ damp",
    "warm": "cold",
    "cold": "warm",
}
"""Attributes that only a word of another counts against."""


def caption_attributes(texts: Sequence[str], attributes: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Look for the attributes' words in captions.

    Parameters
    ----------
    texts : sequence of str, n
    attributes : sequence of str, K
        Names as in the SUN Attribute database.

    Returns
    -------
    positive, judged : ndarray of bool, shape (n, K)
        An empty text is judged on nothing.
    """
    cleaned = [clean_text(text).words.casefold() for text in texts]
    said = {name: _said(name, cleaned) for name in {*attributes, *OPPOSITES}}
    nothing = np.zeros(len(texts), dtype=bool)
    has_text = np.array([bool(text) for text in cleaned], dtype=bool)
    positive, judged = [], []
    for name in attributes:
        positive.append(said[name])
        if name not in WORDS:
            judged.append(nothing)
        elif name in OPPOSITES:
            against = said[OPPOSITES[name]]
            judged.append(said[name] != against)
        else:
            judged.append(has_text)
    shown = np.stack(judged, axis=1).reshape(len(texts), len(attributes))
    return np.stack(positive, axis=1).reshape(len(texts), len(attributes)) & shown, shown


def _said(attribute: str, texts: Sequence[str]) -> np.ndarray:
    words = WORDS.get(attribute, "").split()
    if not words:
        return np.zeros(len(texts), dtype=bool)
    phrases = "|".join(re.escape(word).replace("_", r"\s+") for word in words)
    pattern = re.compile(rf"\b(?:{phrases})(?:e?s)?\b")
    return np.array([pattern.search(text) is not None for text in texts], dtype=bool)
