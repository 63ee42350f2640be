"""Which short codes are emoji: a stock of common ones, with their other names, and those a workspace adds."""

from collections.abc import Iterable, Mapping
from typing import Any

_STOCK = frozenset(
    """
    +1 -1 100 1234 8ball a ab airplane alarm_clock alien ambulance anchor angel anger angry anguished ant apple art
    arrow_down arrow_forward arrow_left arrow_right arrow_up astonished b baby balloon banana bangbang bank bar_chart
    basketball bath battery bear bee beer beers bell bike bird birthday black_circle black_heart blossom blue_book
    blue_circle blue_heart blush boat bomb book bookmark books boom bouquet bow boy brain bread broken_heart bug bulb
    burrito bus cactus cake calendar camel camera candle candy car cat check checkered_flag cheese cherries chicken
    chocolate_bar christmas_tree clap clapper clipboard clock1 closed_lock_with_key cloud coffee cold_sweat
    computer confetti_ball confounded confused construction cookie cool copyright corn cow credit_card crossed_fingers
    crown cry crying_cat_face cupid dancer dart dash date deer disappointed dizzy dizzy_face dog dollar dolphin door
    doughnut dragon dress drooling_face droplet duck eagle ear earth_africa earth_americas earth_asia egg eight
    elephant email envelope exclamation expressionless eye eyeglasses eyes face_palm facepalm family fearful fire fish
    fist five flag_de flag_us flushed fork_and_knife four fox frog frowning game_die gear gem ghost gift girl globe
    goat grapes green_apple green_book green_heart grey_exclamation grey_question grimacing grin grinning guitar gun
    hamburger hammer hamster hand handshake hankey hash hatching_chick headphones heart heart_eyes heartbeat heartpulse
    heavy_check_mark heavy_minus_sign heavy_multiplication_x heavy_plus_sign herb hibiscus honey_pot horse hospital
    hot_pepper hotdog hotel hourglass house hugging hushed ice_cream icecream imp inbox_tray information_source innocent
    interrobang japan joy joy_cat key keyboard kiss kissing kissing_heart koala label ladybug laughing leaves ledger
    lemon lightbulb link lion_face lips lipstick lock lollipop loud_sound loudspeaker love_letter mag mag_right mailbox
    man mask medal mega melon memo metal microphone microscope milk moneybag monkey monkey_face moon mouse mouse2
    movie_camera mushroom musical_note muscle nail_care nerd neutral_face new newspaper night_with_stars nine no_entry
    no_entry_sign no_good no_mouth nose notebook notes nut_and_bolt o octagonal_sign octopus ok ok_hand ok_woman
    older_man older_woman one open_book open_hands open_mouth orange_book orange_heart outbox_tray owl ox package
    page_facing_up palm_tree panda_face paperclip partying_face peach peanuts pear pencil pencil2 penguin pensive
    performing_arts persevere phone pig pill pineapple pizza point_down point_left point_right point_up police_car
    poop popcorn pouting_cat pray princess printer punch purple_heart purse pushpin question rabbit radio rage rainbow
    raised_hand raised_hands raising_hand ram rat recycle red_circle registered relaxed relieved repeat ribbon rice
    ring robot rocket rofl roller_coaster rolling_eyes rooster rose rotating_light round_pushpin runner sad sandwich
    santa satellite satisfied scissors scream scream_cat scroll seat see_no_evil seedling seven shark sheep shell
    shield ship shirt shopping_cart shrug six skull sleeping sleepy slight_frown slight_smile small_blue_diamond smile
    smile_cat smiley smiley_cat smirk smoking snail snake snowflake snowman sob soccer soon space_invader sparkle
    sparkler sparkles sparkling_heart speak_no_evil speaker speech_balloon spider squid star star2 stars stopwatch
    strawberry stuck_out_tongue stuck_out_tongue_winking_eye sun_with_face sunflower sunglasses sunny sunrise sweat
    sweat_drops sweat_smile taco tada tangerine taxi tea telephone telescope tent thermometer thinking thought_balloon
    three thumbsdown thumbsup thunder_cloud_rain ticket tiger timer_clock tired_face tm toilet tomato tongue tools top
    tractor traffic_light train tram triangular_flag_on_post triumph trophy truck trumpet tulip turtle tv two
    umbrella unamused unicorn unlock upside_down v vertical_traffic_light vhs vibration_mode video_camera video_game
    violin volcano vulcan walking wastebasket watch watermelon wave weary whale wheelchair white_check_mark
    white_circle white_heart wind_blowing_face wine_glass wink wolf woman worried wrench writing_hand x yellow_heart
    yum zap zero zipper_mouth zzz
    """.split()  # noqa: SIM905 - words without quotes are easier to read
)


def reaction(text: str) -> str:
    """Gives the key under which a reaction is kept; colons may be sent or left out."""
    return f":{text.replace(':', '')}:"


def is_known(key: str, custom: Iterable[Mapping[str, Any]]) -> bool:
    """Tells whether a reaction is a stock emoji or, by name or alias, one of the workspace's own."""
    code = key.strip(":")
    return code in _STOCK or any(code == own["name"] or code in own.get("aliases", ()) for own in custom)
