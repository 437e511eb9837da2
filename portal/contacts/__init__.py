"""People who are no learners: what they ask, what is known of them, and the newsletter (LL-02, LL-07, LL-08, LL-09).

Tables: contact_message, correspondence, mailing, mailing_copy, news_refusal, subscription. Jobs: contacts.erase_over,
contacts.send_mailing. Used by: coaches and administration; privacy staff erase a contact who asks it; a learner sees
her own correspondence.
"""
