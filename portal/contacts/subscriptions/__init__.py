"""Who wants the newsletter, who may get news of services, and who said no to it (OP-05, LL-07).

Tables: news_refusal, subscription.
"""
