"""WebSub (W3C Recommendation of 2018-01-23) as a subscriber: hubs tell us of news, so that we need not ask.

wanting.py     which feeds shall have a subscription, and which subscriptions none has a use for
subscribing.py asks the hubs                                   (worker, through the one door of fetching.py)
confirming.py  what a hub says to that by GET                  (web)
receiving.py   what a hub sends by POST becomes a Push row     (web, which never parses)
pushes.py      Push rows become entries                        (worker, in the sandbox)
trust.py       whether a feed may be asked more seldom because its hub has proven itself
"""
