"""Which short codes are emoji: the stock of names that servers know, and those a workspace adds."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

# Flags of countries and tones of skin are made by rule: flag_de, wave_tone3.
_BY_RULE = re.compile(r"flag_[a-z]{2}")
_TONE = re.compile(r"_tone[1-5]$")
_STOCK = frozenset(
    """
    +1 -1 100 1234 8ball a ab abacus abc abcd ac accept accordion ad adhesive_bandage admission_tickets adult ae
    aerial_tramway af ag ai airplane airplane_arriving airplane_departure airplane_small al alarm_clock alembic
    alien alien_monster am ambulance amphora anatomical_heart anchor angel anger anger_right angry angry_face
    anguished ant antenna_bars ao apple aq aquarius ar archery aries arrow_backward arrow_double_down
    arrow_double_up arrow_down arrow_down_small arrow_forward arrow_heading_down arrow_heading_up arrow_left
    arrow_lower_left arrow_lower_right arrow_right arrow_right_hook arrow_up arrow_up_down arrow_up_small
    arrow_upper_left arrow_upper_right arrows_clockwise arrows_counterclockwise art articulated_lorry artist as
    asterisk asterisk_symbol astonished astronaut at athletic_shoe atm atom atom_symbol au auto_rickshaw automobile
    avocado aw ax axe az b ba baby baby_angel baby_bottle baby_chick baby_symbol back back_arrow back_of_hand
    backpack bacon badger badminton bagel baggage_claim baguette_bread balance_scale bald ballet_dancer ballet_shoes
    balloon ballot_box ballot_box_with_ballot ballot_box_with_check bamboo banana bangbang banjo bank bar_chart
    barber barber_pole baseball basket basketball basketball_player bat bath bathtub battery bb bd be beach
    beach_umbrella beach_with_umbrella beans bear bearded_person beating_heart beaver bed bee beer beer_mug beers
    beetle beginner bell bell_pepper bellhop bellhop_bell bento bento_box beverage_box bf bg bh bi bicycle bicyclist
    bike bikini billed_cap biohazard biohazard_sign bird birthday birthday_cake bison biting_lip bj bl black_bird
    black_cat black_circle black_flag black_heart black_joker black_large_square black_nib black_small_square
    black_square_button blond-haired_man blond-haired_woman blond_haired_person blossom blowfish blue_book blue_car
    blue_circle blue_heart blue_square blueberries blush bm bn bo boar bomb bone book bookmark bookmark_tabs books
    boom boomerang boot bottle_with_popping_cork bouquet bow bow_and_arrow bowl_with_spoon bowling boxing_glove
    boxing_gloves boy bq br brain bread breast_feeding brick bricks bridge_at_night briefcase briefs broccoli
    broken_chain broken_heart broom brown_circle brown_heart brown_mushroom brown_square bs bt bubble_tea bubbles
    bucket bug building_construction bulb bullet_train bullettrain_front bullettrain_side burrito bus bus_stop
    busstop bust_in_silhouette busts_in_silhouette butter butterfly bv bw by bz ca cactus cake calendar
    calendar_spiral call_me call_me_hand calling camel camera camera_with_flash camping cancer candle candy
    canned_food canoe capital_abcd capricorn card_box card_file_box card_index card_index_dividers carousel_horse
    carp_streamer carpentry_saw carrot cartwheel castle cat cat2 cat_face cc cd cf cg ch chains chair champagne
    champagne_glass chart chart_with_downwards_trend chart_with_upwards_trend check_mark checkered_flag cheese
    cheese_wedge cherries cherry_blossom chess_pawn chestnut chicken child children_crossing chile chipmunk
    chocolate_bar chopsticks christmas_tree church ci cigarette cinema circled_m circus_tent city_dusk city_sunrise
    city_sunset cityscape ck cl clamp clap clapper clapper_board classical_building clinking_glass clipboard clock
    clock1 clock10 clock1030 clock11 clock1130 clock12 clock1230 clock130 clock2 clock230 clock3 clock330 clock4
    clock430 clock5 clock530 clock6 clock630 clock7 clock730 clock8 clock830 clock9 clock930 closed_book
    closed_lock_with_key closed_umbrella cloud cloud_lightning cloud_rain cloud_snow cloud_tornado
    cloud_with_lightning cloud_with_rain cloud_with_snow cloud_with_tornado clown clown_face club_suit clubs
    clutch_bag cm cn co coat cockroach cocktail coconut coffee coffin coin cold_face cold_sweat collision comet
    compass compression computer computer_disk confetti_ball confounded confused confused_face congo congratulations
    construction construction_site construction_worker control_knobs convenience_store cook cooked_rice cookie
    cooking cool cop copyright coral corn couch couch_and_lamp couple couple_mm couple_with_heart
    couple_with_heart_mm couple_with_heart_woman_man couple_with_heart_ww couple_ww couplekiss couplekiss_mm
    couplekiss_ww cow cow2 cow_face cowboy cp cr crab crayon credit_card crescent_moon cricket cricket_bat_ball
    cricket_game crocodile croissant cross cross_mark crossed_flags crossed_swords crown cruise_ship crutch cry
    crying_cat crying_cat_face crying_face crystal_ball cu cucumber cup_with_straw cupcake cupid curling_stone
    curly_hair curly_haired curly_loop currency_exchange curry curry_rice custard customs cut_of_meat cv cw cx cy
    cyclone cz dagger dagger_knife dancer dancers dango dark_sunglasses dart dash dashing_away date de deaf_man
    deaf_person deaf_woman deciduous_tree deer department_store derelict_house_building desert desert_island desktop
    desktop_computer detective dg diamond_shape_with_a_dot_inside diamond_suit diamonds digit_eight digit_five
    digit_four digit_nine digit_one digit_seven digit_six digit_three digit_two digit_zero direct_hit disappointed
    disappointed_relieved disguised_face distorted_face dividers diving_mask diya_lamp dizzy dizzy_face dj dk dm dna
    do do_not_litter dodo dog dog2 dog_face dollar dolls dolphin donkey door dotted_line_face double_vertical_bar
    doughnut dove dove_of_peace down_arrow dragon dragon_face dress dromedary_camel drool drooling_face
    drop_of_blood droplet drum drum_with_drumsticks duck dumpling dvd dz e-mail e_mail ea eagle ear ear_of_corn
    ear_of_rice ear_with_hearing_aid earth_africa earth_americas earth_asia ec ee eg egg eggplant eh eight
    eight_oclock eight_pointed_black_star eight_spoked_asterisk eight_thirty eject eject_symbol electric_plug
    elephant elevator eleven_oclock eleven_thirty elf email empty_nest end end_arrow england envelope
    envelope_with_arrow er es et eu euro euro_banknote european_castle european_post_office evergreen_tree ewe
    exclamation expecting_woman exploding_head expressionless eye eye_in_speech_bubble eyeglasses eyes face_exhaling
    face_holding_back_tears face_in_clouds face_palm face_vomiting face_with_bags_under_eyes face_with_cowboy_hat
    face_with_diagonal_mouth face_with_hand_over_mouth face_with_head_bandage face_with_monocle
    face_with_open_eyes_and_hand_over_mouth face_with_peeking_eye face_with_raised_eyebrow face_with_rolling_eyes
    face_with_spiral_eyes face_with_symbols_over_mouth face_with_thermometer facepalm factory factory_worker fairy
    falafel fallen_leaf family family_adult_adult_child family_adult_adult_child_child family_adult_child
    family_adult_child_child family_man_boy family_man_boy_boy family_man_girl family_man_girl_boy
    family_man_girl_girl family_man_woman_boy family_mmb family_mmbb family_mmg family_mmgb family_mmgg family_mwbb
    family_mwg family_mwgb family_mwgg family_woman_boy family_woman_boy_boy family_woman_girl family_woman_girl_boy
    family_woman_girl_girl family_wwb family_wwbb family_wwg family_wwgb family_wwgg farmer fast_forward fax
    fax_machine fearful fearful_face feather feet female_sign fencer fencing ferris_wheel ferry fi field_hockey
    fight_cloud file_cabinet file_folder film_frames film_projector fingerprint fingers_crossed fire fire_engine
    fire_extinguisher firecracker firefighter fireworks first_place first_place_medal first_quarter_moon
    first_quarter_moon_with_face fish fish_cake fishing_pole fishing_pole_and_fish fist five five_oclock five_thirty
    fj fk flag_black flag_in_hole flag_sark flag_white flags flame flamingo flan flashlight flat_shoe flatbread
    fleur-de-lis fleur_de_lis flexed_biceps floppy_disk flower_playing_cards flushed flushed_face flute fly
    flying_disc flying_saucer fm fo fog foggy folded_hands folding_hand_fan fondue foot football footprints
    fork_and_knife fork_and_knife_with_plate fork_knife_plate fortune_cookie fountain fountain_pen four
    four_leaf_clover four_oclock four_thirty fox fox_face fr frame_photo frame_with_picture free french_bread
    french_fries fried_shrimp fries frog frowning frowning2 frowning_face fuel_pump fuelpump full_moon
    full_moon_with_face funeral_urn ga game_die garlic gay_pride_flag gb gd ge gear gem gem_stone gemini genie gf gg
    gh ghost gi gift gift_heart ginger_root giraffe girl gl glass_of_milk glasses globe_with_meridians gloves
    glowing_star gm gn goal goal_net goat goblin goggles golf golfer goose gorilla gp gq gr grandma grapes
    green_apple green_book green_circle green_heart green_salad green_square grey_exclamation grey_heart
    grey_question grimacing grin grinning grinning_cat grinning_face growing_heart gs gt gu guard guardsman
    guide_dog guitar gun gw gy hair_pick haircut hairy_creature hamburger hammer hammer_and_pick hammer_and_wrench
    hammer_pick hamsa hamster hand_splayed hand_with_index_and_middle_finger_crossed
    hand_with_index_finger_and_thumb_crossed handbag handball handshake hankey harp hash hatched_chick
    hatching_chick head_bandage head_shaking_horizontally head_shaking_vertically headphone headphones headstone
    health_worker hear_no_evil heart heart_decoration heart_exclamation heart_eyes heart_eyes_cat heart_hands
    heart_on_fire heart_suit heartbeat heartpulse hearts heavy_check_mark heavy_division_sign heavy_dollar_sign
    heavy_equals_sign heavy_heart_exclamation_mark_ornament heavy_minus_sign heavy_multiplication_x heavy_plus_sign
    hedgehog helicopter helmet_with_cross helmet_with_white_cross herb hibiscus high_brightness high_heel
    high_voltage hiking_boot hindu_temple hippopotamus hk hm hn hockey hole homes honey_pot honeybee hook horse
    horse_face horse_racing hospital hot_beverage hot_dog hot_face hot_pepper hot_springs hotdog hotel hotsprings
    hourglass hourglass_flowing_sand house house_abandoned house_buildings house_with_garden houses hr ht hu hugging
    hugging_face hushed hushed_face hut hyacinth ic ice_cream ice_cube ice_hockey ice_skate icecream id
    identification_card ideograph_advantage ie il im imp in inbox_tray incoming_envelope
    index_pointing_at_the_viewer indonesia infinity information information_desk_person information_source innocent
    input_numbers input_symbols interrobang io iq ir is island it izakaya_lantern jack_o_lantern japan
    japanese_castle japanese_goblin japanese_ogre jar je jeans jellyfish jigsaw jm jo joker joy joy_cat joystick jp
    judge juggler juggling kaaba kangaroo karate_uniform kayak ke key key2 keyboard keycap_asterisk keycap_ten kg kh
    khanda ki kick_scooter kimono kiss kiss_man_man kiss_mark kiss_mm kiss_woman_man kiss_ww kissing kissing_cat
    kissing_closed_eyes kissing_face kissing_heart kissing_smiling_eyes kitchen_knife kite kiwi kiwi_fruit kiwifruit
    km kn knife knot koala koko kp kr kw ky kz la lab_coat label lacrosse ladder lady_beetle landslide
    large_blue_diamond large_orange_diamond last_quarter_moon last_quarter_moon_with_face latin_cross laughing lb lc
    leafless_tree leafy_green leaves ledger left_arrow left_facing_fist left_fist left_luggage left_right_arrow
    left_speech_bubble leftwards_arrow_with_hook leftwards_hand leftwards_pushing_hand leg lemon leo leopard
    level_slider levitate li liar libra lifter light_blue_heart light_bulb light_rail lime link linked_paperclips
    lion lion_face lips lipstick lizard lk llama lobster lock lock_with_ink_pen locked locomotive lollipop long_drum
    loop lotion_bottle lotus loud_sound loudspeaker love_hotel love_letter love_you_gesture low_battery
    low_brightness lower_left_ballpoint_pen lower_left_crayon lower_left_fountain_pen lower_left_paintbrush lr ls lt
    lu luggage lungs lv ly lying_face m ma mag mag_right mage magic_wand magnet mahjong mailbox mailbox_closed
    mailbox_with_mail mailbox_with_no_mail male_dancer male_sign mammoth man man_artist man_astronaut man_bald
    man_beard man_biking man_bouncing_ball man_bowing man_cartwheeling man_climbing man_construction_worker man_cook
    man_curly_haired man_dancing man_detective man_elf man_facepalming man_factory_worker man_fairy man_farmer
    man_feeding_baby man_firefighter man_frowning man_genie man_gesturing_no man_gesturing_ok
    man_getting_face_massage man_getting_haircut man_golfing man_guard man_health_worker
    man_in_business_suit_levitating man_in_lotus_position man_in_manual_wheelchair
    man_in_manual_wheelchair_facing_right man_in_motorized_wheelchair man_in_motorized_wheelchair_facing_right
    man_in_steamy_room man_in_tuxedo man_judge man_juggling man_kneeling man_kneeling_facing_right
    man_lifting_weights man_mage man_mechanic man_mountain_biking man_office_worker man_pilot man_playing_handball
    man_playing_water_polo man_police_officer man_pouting man_raising_hand man_red_hair man_red_haired
    man_rowing_boat man_running man_running_facing_right man_scientist man_shrugging man_singer man_standing
    man_student man_superhero man_supervillain man_surfing man_swimming man_teacher man_technologist
    man_tipping_hand man_vampire man_walking man_walking_facing_right man_wearing_turban man_white_haired
    man_with_chinese_cap man_with_gua_pi_mao man_with_probing_cane man_with_turban man_with_veil
    man_with_white_cane_facing_right man_zombie mango mans_shoe mantlepiece_clock manual_wheelchair map map_of_japan
    maple_leaf maracas martial_arts_uniform mask massage mate mc md me meat_on_bone mechanic mechanical_arm
    mechanical_leg medal medical_symbol mega megaphone melon melting_face memo men_with_bunny_ears_partying
    men_wrestling mending_heart menorah mens mens_room mermaid merman merperson metal metro mf mg mh microbe
    microphone microphone2 microscope middle_finger military_helmet military_medal milk milky_way minibus minidisc
    mirror mirror_ball mk ml mm mn mo moai mobile_phone mobile_phone_off money_bag money_mouth money_mouth_face
    money_with_wings moneybag monkey monkey_face monorail moon_cake moose mortar_board mosque mosquito
    mother_christmas motor_boat motor_scooter motorbike motorboat motorcycle motorized_wheelchair motorway
    mount_fuji mountain mountain_bicyclist mountain_cableway mountain_railway mountain_snow mouse mouse2 mouse_face
    mouse_three_button mouse_trap mouth movie_camera moyai mp mq mr mrs_claus ms mt mu muscle mushroom
    musical_keyboard musical_note musical_notes musical_score mute muted_speaker mv mw mx mx_claus my mz na
    nail_care nail_polish name_badge national_park nauseated_face nazar_amulet nc ne necktie
    negative_squared_cross_mark nerd nerd_face nest_with_eggs nesting_dolls neutral_face new new_moon new_moon_face
    new_moon_with_face newspaper newspaper2 next_track nf ng ni nigeria night_with_stars nine nine_oclock
    nine_thirty ninja nl no no_bell no_bicycles no_entry no_entry_sign no_good no_littering no_mobile_phones
    no_mouth no_pedestrians no_smoking non-potable_water nose notebook notebook_with_decorative_cover notepad_spiral
    notes np nr nu nut_and_bolt nz o o2 ocean octagonal_sign octopus oden office office_worker ogre oil oil_drum ok
    ok_hand ok_woman old_key old_man old_woman older_adult older_man older_person older_woman olive om om_symbol on
    on_arrow oncoming_automobile oncoming_bus oncoming_fist oncoming_police_car oncoming_taxi one one_oclock
    one_piece_swimsuit one_thirty onion open_book open_file_folder open_hands open_mouth ophiuchus optical_disk
    orange_book orange_circle orange_heart orange_square orangutan orca orthodox_cross otter outbox_tray owl ox
    oyster pa package paella page_facing_up page_with_curl pager paintbrush palm_down_hand palm_tree palm_up_hand
    palms_up_together pancakes panda panda_face paperclip paperclips parachute park parking parrot
    part_alternation_mark partly_sunny party_popper partying_face passenger_ship passport_control pause_button
    paw_prints pe pea_pod peace peace_symbol peach peacock peanuts pear pen pen_ballpoint pen_fountain pencil
    pencil2 penguin pensive pensive_face people_holding_hands people_hugging people_with_bunny_ears_partying
    people_wrestling performing_arts persevere person person_bald person_beard person_biking person_bouncing_ball
    person_bowing person_climbing person_curly_hair person_doing_cartwheel person_facepalming person_feeding_baby
    person_fencing person_frowning person_gesturing_no person_gesturing_ok person_getting_haircut
    person_getting_massage person_golfing person_in_bed person_in_lotus_position person_in_manual_wheelchair
    person_in_manual_wheelchair_facing_right person_in_motorized_wheelchair
    person_in_motorized_wheelchair_facing_right person_in_steamy_room person_in_tuxedo person_juggling
    person_kneeling person_kneeling_facing_right person_lifting_weights person_mountain_biking
    person_playing_handball person_playing_water_polo person_pouting person_raising_hand person_red_hair
    person_rowing_boat person_running person_running_facing_right person_shrugging person_standing person_surfing
    person_swimming person_tipping_hand person_walking person_walking_facing_right person_wearing_turban
    person_white_hair person_with_ball person_with_blond_hair person_with_crown person_with_pouting_face
    person_with_probing_cane person_with_veil person_with_white_cane_facing_right petri_dish pf pg ph phoenix pick
    pickup_truck pie pig pig2 pig_face pig_nose pile_of_poo pill pilot pinched_fingers pinching_hand pineapple
    ping_pong pink_heart pirate_flag pisces pistol pizza pk pl placard place_of_worship play_pause playground_slide
    pleading_face plunger pm pn point_down point_left point_right point_up point_up_2 polar_bear police_car
    police_officer poo poodle poop popcorn post_office postal_horn postbox pot_of_food potable_water potato
    potted_plant pouch poultry_leg pound pound_symbol pouring_liquid pouting_cat pouting_face pr pray prayer_beads
    pregnant_man pregnant_person pregnant_woman pretzel previous_track prince princess printer probing_cane
    prohibited projector ps pt pudding punch purple_circle purple_heart purple_square purse pushpin
    put_litter_in_its_place puzzle_piece pw py qa question question_mark rabbit rabbit2 rabbit_face raccoon race_car
    racehorse racing_car racing_motorcycle radio radio_button radioactive radioactive_sign rage railroad_track
    railway_car railway_track rainbow rainbow_flag raised_back_of_hand raised_fist raised_hand
    raised_hand_with_fingers_splayed raised_hand_with_part_between_middle_and_ring_fingers raised_hands raising_hand
    raising_hands ram ramen rat razor re receipt record_button recycle red_apple red_car red_circle red_envelope
    red_hair red_haired red_heart red_square regional_indicator_a regional_indicator_b regional_indicator_c
    regional_indicator_d regional_indicator_e regional_indicator_f regional_indicator_g regional_indicator_h
    regional_indicator_i regional_indicator_j regional_indicator_k regional_indicator_l regional_indicator_m
    regional_indicator_n regional_indicator_o regional_indicator_p regional_indicator_q regional_indicator_r
    regional_indicator_s regional_indicator_t regional_indicator_u regional_indicator_v regional_indicator_w
    regional_indicator_x regional_indicator_y regional_indicator_z registered relaxed relieved relieved_face
    reminder_ribbon repeat repeat_one restroom reversed_hand_with_middle_finger_extended revolving_hearts rewind
    rhino rhinoceros ribbon rice rice_ball rice_cracker rice_scene right_anger_bubble right_arrow right_facing_fist
    right_fist rightwards_hand rightwards_pushing_hand ring ring_buoy ringed_planet ro robot robot_face rock rocket
    rofl roll_of_paper rolled_up_newspaper roller_coaster roller_skate rolling_eyes rolling_on_the_floor_laughing
    rooster root_vegetable rose rosette round_pushpin rowboat rs ru rugby_football runner running_shirt
    running_shirt_with_sash running_shoe rw sa safety_pin safety_vest sagittarius sailboat sake salad salt
    saluting_face sandal sandwich santa santa_claus sari satellite satellite_orbital satisfied saudi saudiarabia
    sauropod saxophone sb sc scales scarf school school_satchel scientist scissors scooter scorpio scorpion scorpius
    scotland scream scream_cat screwdriver scroll sd se seal seat second_place second_place_medal secret see_no_evil
    seedling selfie service_dog seven seven_oclock seven_thirty sewing_needle sg sh shaking_face shaking_hands
    shallow_pan_of_food shamrock shark shaved_ice sheaf_of_rice sheep shell shelled_peanut shield shinto_shrine ship
    shirt shit shooting_star shopping_bags shopping_cart shopping_trolley shortcake shorts shovel shower shrimp
    shrug shushing_face si sick sign_of_the_horns signal_strength singer six six_oclock six_pointed_star six_thirty
    sj sk skateboard skeleton ski skier skis skull skull_and_crossbones skull_crossbones skunk sl sled sleeping
    sleeping_accommodation sleeping_face sleepy sleepy_face sleuth_or_spy slight_frown slight_smile
    slightly_frowning_face slightly_smiling_face slot_machine sloth sm small_airplane small_blue_diamond
    small_orange_diamond small_red_triangle small_red_triangle_down smile smile_cat smiley smiley_cat smiling_face
    smiling_face_with_3_hearts smiling_face_with_tear smiling_imp smirk smirk_cat smirking_face smoking sn snail
    snake sneeze sneezing_face snow_capped_mountain snowboarder snowflake snowman snowman2 so soap sob soccer
    soccer_ball socks softball soon soon_arrow sos sound space_invader spade_suit spades spaghetti sparkle sparkler
    sparkles sparkling_heart speak_no_evil speaker speaking_head speaking_head_in_silhouette speech_balloon
    speech_left speedboat spider spider_web spiral_calendar_pad spiral_note_pad spiral_shell splatter sponge spoon
    sports_medal spy squeeze_bottle squid sr ss st stadium star star2 star_and_crescent star_of_david star_struck
    stars station statue_of_liberty steam_locomotive steaming_bowl stethoscope stew stop_button stop_sign stopwatch
    straight_ruler strawberry stuck_out_tongue stuck_out_tongue_closed_eyes stuck_out_tongue_winking_eye student
    studio_microphone stuffed_flatbread stuffed_pita sun sun_with_face sunflower sunglasses sunny sunrise
    sunrise_over_mountains sunset superhero supervillain surfer sushi suspension_railway sv swan sweat sweat_drops
    sweat_smile sweet_potato swimmer sx sy symbols synagogue syringe sz t_rex t_shirt ta table_tennis taco tada
    takeout_box tamale tanabata_tree tangerine taurus taxi tc td tea teacher teapot technologist teddy_bear
    telephone telephone_receiver telescope television ten_oclock ten_thirty tennis tent test_tube tf tg th
    thermometer thermometer_face thinking thinking_face third_place third_place_medal thong_sandal thought_balloon
    thread three three_button_mouse three_oclock three_thirty thumbdown thumbs_down thumbs_up thumbsdown thumbsup
    thumbup thunder_cloud_and_rain thunder_cloud_rain ticket tickets tiger tiger2 tiger_face timer timer_clock
    tired_face tj tk tl tm tn to toilet tokyo_tower tomato tone1 tone2 tone3 tone4 tone5 tongue toolbox tools tooth
    toothbrush top top_arrow top_hat tophat tornado tr track_next track_previous trackball tractor trade_mark train
    train2 tram tram_car transgender_flag transgender_symbol treasure_chest triangular_flag_on_post triangular_ruler
    trident triumph troll trolleybus trombone trophy tropical_drink tropical_fish truck trumpet tt tulip
    tumbler_glass turkey turkmenistan turtle tuvalu tv tw twelve_oclock twelve_thirty twisted_rightwards_arrows two
    two_hearts two_men_holding_hands two_oclock two_thirty two_women_holding_hands tz u5272 u5408 u55b6 u6307 u6708
    u6709 u6e80 u7121 u7533 u7981 u7a7a ua ug um umbrella umbrella2 umbrella_on_ground unamused unamused_face
    underage unicorn unicorn_face united_nations unlock unlocked up up_arrow up_down_arrow up_left_arrow upside_down
    upside_down_face urn us uy uz v va vampire vc ve vg vhs vi vibration_mode victory_hand video_camera video_game
    videocassette violin virgo vn volcano volleyball vs vu vulcan vulcan_salute waffle wales walking
    waning_crescent_moon waning_gibbous_moon warning wastebasket watch water_buffalo water_closet water_polo
    water_wave watermelon wave waving_black_flag waving_hand waving_white_flag wavy_dash waxing_crescent_moon
    waxing_gibbous_moon wc weary weary_cat weary_face wedding weight_lifter wf whale whale2 wheel wheel_of_dharma
    wheelchair whisky white_check_mark white_circle white_flag white_flower white_frowning_face white_hair
    white_haired white_heart white_large_square white_small_square white_square_button white_sun_behind_cloud
    white_sun_behind_cloud_with_rain white_sun_cloud white_sun_rain_cloud white_sun_small_cloud
    white_sun_with_small_cloud wilted_flower wilted_rose wind_blowing_face wind_chime wind_face window wine_glass
    wing wink winking_face wireless wolf woman woman_artist woman_astronaut woman_bald woman_beard woman_biking
    woman_bouncing_ball woman_bowing woman_cartwheeling woman_climbing woman_construction_worker woman_cook
    woman_curly_haired woman_dancing woman_detective woman_elf woman_facepalming woman_factory_worker woman_fairy
    woman_farmer woman_feeding_baby woman_firefighter woman_frowning woman_genie woman_gesturing_no
    woman_gesturing_ok woman_getting_face_massage woman_getting_haircut woman_golfing woman_guard
    woman_health_worker woman_in_lotus_position woman_in_manual_wheelchair woman_in_manual_wheelchair_facing_right
    woman_in_motorized_wheelchair woman_in_motorized_wheelchair_facing_right woman_in_steamy_room woman_in_tuxedo
    woman_judge woman_juggling woman_kneeling woman_kneeling_facing_right woman_lifting_weights woman_mage
    woman_mechanic woman_mountain_biking woman_office_worker woman_pilot woman_playing_handball
    woman_playing_water_polo woman_police_officer woman_pouting woman_raising_hand woman_red_haired
    woman_rowing_boat woman_running woman_running_facing_right woman_scientist woman_shrugging woman_singer
    woman_standing woman_student woman_superhero woman_supervillain woman_surfing woman_swimming woman_teacher
    woman_technologist woman_tipping_hand woman_vampire woman_walking woman_walking_facing_right
    woman_wearing_turban woman_white_haired woman_with_headscarf woman_with_probing_cane woman_with_veil
    woman_with_white_cane_facing_right woman_zombie womans_boot womans_clothes womans_flat_shoe womans_hat
    womans_sandal women_with_bunny_ears_partying women_wrestling womens womens_room wood woozy_face world_map worm
    worried worried_face worship_symbol wrapped_gift wrench wrestlers wrestling writing_hand ws x x_ray xk yarn
    yawning_face ye yellow_circle yellow_heart yellow_square yen yen_banknote yin_yang yo_yo yt yum za zany_face zap
    zebra zero zipper_mouth zipper_mouth_face zm zombie zw zzz
    """.split()  # noqa: SIM905 - words without quotes are easier to read
)


def reaction(text: str) -> str:
    """Gives the key under which a reaction is kept; colons may be sent or left out."""
    return f":{text.replace(':', '')}:"


def is_known(key: str, custom: Iterable[Mapping[str, Any]]) -> bool:
    """Tells whether a reaction is a stock emoji or, by name or alias, one of the workspace's own."""
    code = key.strip(":")
    if _TONE.sub("", code) in _STOCK or _BY_RULE.fullmatch(code):
        return True
    return any(code == own["name"] or code in own.get("aliases", ()) for own in custom)
