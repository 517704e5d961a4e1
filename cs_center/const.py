"""Lists of posts, once. As ``groups`` they serve fields, views of Python and ``has_groups``; as names workflow tables
and holders of posts."""


def groups(*posts):
    """The groups of these posts, as ``has_groups`` and the attribute ``groups`` of fields take them."""
    return ",".join(f'cs_center.group_cs_{post}' for post in posts)


# the service desk, upwards
LADDER = ('agent', 'specialist', 'supervisor', 'manager')
# who is asked and told when something is late or too hard; where nobody of a post is at work, the next one is
SUPERIORS = ('supervisor', 'manager', 'executive')
# who may be asked to approve
APPROVERS = ('specialist', 'supervisor', 'manager', 'executive', 'finance', 'hr', 'dept_head')

# call customers; the others see a masked number
PHONE_POSTS = groups('agent', 'clerk', 'floor', 'dept_head', 'hr')
# write the whole case where their rules let them write at all
CASE_WORKERS = groups('agent', 'hr')
# may say something on a case they read; group inspection changes nothing, not even by a message
CASE_SPEAKERS = groups('agent', 'clerk', 'floor', 'dept_head', 'satisfaction', 'executive', 'hr')
# can own a complaint
OWNER_POSTS = groups('agent', 'hr', 'floor', 'dept_head')
# can make revisits
REVISER_POSTS = groups('agent', 'clerk', 'hr')
# read compensations at all
READERS = groups('specialist', 'clerk', 'dept_head', 'satisfaction', 'executive', 'finance', 'hq')
# read every compensation of the mall, hence its sums; a department head reads those of the own department, which a
# sum does not part
MONEY_POSTS = groups('specialist', 'clerk', 'satisfaction', 'executive', 'finance', 'hq')
# know who reported a confidential complaint
TRUSTED_POSTS = groups('supervisor', 'executive')
# sign and review as the head of the centre or of the mall
HEADS = groups('manager', 'executive')
