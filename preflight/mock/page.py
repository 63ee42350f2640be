"""Page: the shell of the web application that a workspace serves around its API."""

TITLE = "Rocket.Chat"
PAGE = f"<!DOCTYPE html>\n<html>\n<head>\n<title>{TITLE}</title>\n</head>\n<body></body>\n</html>\n"
