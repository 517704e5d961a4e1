from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .security_case import STATES, OrmDriver, Refused, RpcDriver, SecurityCase, table

# ------------------------------------------------------------
# The matrix, typed from the core objects (posts, steps) and inventory 2.4; not to be generated from the code.
# ------------------------------------------------------------

# What a complaint is to a post: own = handled by the user, centre = somebody else's, floor = of the user's floor,
# department = forwarded to the user's, staff = about an employee, team = about a colleague of the user's team,
# foreign = of another mall.

# all: in every state, open: until it is closed
READ = table("""
                own     centre  floor   department  staff   team    foreign
agent           all     open    open    open        -       -       -
specialist      all     all     all     all         all     -       -
clerk           all     all     all     all         all     -       -
floor           all     -       all     -           -       -       -
dept_head       all     -       -       all         -       -       -
supervisor      all     all     all     all         all     -       -
satisfaction    all     all     all     all         all     -       -
manager         all     all     all     all         all     -       -
executive       all     all     all     all         all     -       -
hr              all     -       -       -           all     -       -
finance         -       -       -       -           -       -       -
hq              all     all     all     all         all     -       -
admin           -       -       -       -           -       -       -
""")

# case: all that is still open to change, findings: the investigation and its result only
WRITE = table("""
                own         centre  floor       department  staff   team    foreign
agent           case        -       -           -           -       -       -
specialist      case        -       -           -           -       -       -
clerk           -           -       -           -           -       -       -
floor           findings    -       findings    -           -       -       -
dept_head       findings    -       -           findings    -       -       -
supervisor      case        case    case        case        case    -       -
satisfaction    -           -       -           -           -       -       -
manager         case        case    case        case        case    -       -
executive       -           -       -           -           -       -       -
hr              case        -       -           -           case    -       -
finance         -           -       -           -           -       -       -
hq              -           -       -           -           -       -       -
admin           -           -       -           -           -       -       -
""")

# the states in which a field of each sort may still be written
EDITABLE = {
    'demand': ('registered', 'assigned', 'investigating', 'negotiating', 'resolved'),
    'description': ('registered', 'assigned'),
    'finding': ('registered', 'assigned', 'investigating', 'negotiating'),
}
# the fields tried for each kind of cell
WRITTEN = {'case': ('demand', 'description', 'finding'), 'findings': ('demand', 'finding'), '-': ('demand',)}

REGISTERS = ('agent', 'specialist', 'supervisor', 'manager', 'floor', 'hr')     # create, in the own mall only
DELETES = ()                                                                    # a numbered document stays

# Parts of a case, for whoever reads it. C in an open case. Of a contact W is for one's own entry while the case is
# open; of the responsibility C, W and D are for whoever writes findings, until the answer is given.
PARTS = table("""
                cs.complaint.contact    cs.complaint.responsibility     cs.complaint.step
agent           CRW                     CRWD                            R
specialist      CRW                     CRWD                            R
clerk           CRW                     R                               R
floor           CRW                     CRWD                            R
dept_head       CRW                     CRWD                            R
supervisor      CRW                     CRWD                            R
satisfaction    R                       R                               R
manager         CRW                     CRWD                            R
executive       R                       R                               R
hr              CRW                     CRWD                            R
finance         -                       -                               -
hq              R                       R                               R
admin           -                       -                               -
""")

# Everything else. own: of the user's mall, shared: of all malls, foreign: of another; mine, theirs: by its maker.
# Of an order finance keeps what Odoo gives to invoicing.
RECORDS = table("""
                            agent   specialist  clerk   floor   dept_head   supervisor  satisfaction    manager executive   hr      finance hq      admin
cs.complaint.category/own   R       R           R       R       R           R           R               CRW     R           R       R       R       CRW
cs.complaint.category/shared R      R           R       R       R           R           R               CRW     R           R       R       R       CRW
cs.complaint.category/foreign -     -           -       -       -           -           -               -       -           -       -       -       -
cs.complaint.cause/own      R       R           R       R       R           R           R               CRW     R           R       R       R       CRW
cs.complaint.cause/shared   R       R           R       R       R           R           R               CRW     R           R       R       R       CRW
cs.complaint.cause/foreign  -       -           -       -       -           -           -               -       -           -       -       -       -
cs.team/own                 R       R           R       R       R           R           R               CRW     R           R       R       R       CRW
cs.team/foreign             -       -           -       -       -           -           -               -       -           -       -       -       -
cs.floor/own                R       R           R       R       R           R           R               CRW     R           R       R       R       CRW
cs.floor/foreign            -       -           -       -       -           -           -               -       -           -       -       -       -
cs.complaint.assign/mine    CRW     CRW         CRW     CRW     CRW         CRW         CRW             CRW     CRW         CRW     -       CRW     -
cs.complaint.assign/theirs  -       -           -       -       -           -           -               -       -           -       -       -       -
cs.complaint.answer/mine    CRW     CRW         CRW     CRW     CRW         CRW         CRW             CRW     CRW         CRW     -       CRW     -
cs.complaint.answer/theirs  -       -           -       -       -           -           -               -       -           -       -       -       -
sale.order/own              R       R           R       R       R           R           R               R       R           R       RW      R       -
sale.order/foreign          -       -           -       -       -           -           -               -       -           -       -       -       -
sale.order.line/own         R       R           R       R       R           R           R               R       R           R       RW      R       -
sale.order.line/foreign     -       -           -       -       -           -           -               -       -           -       -       -       -
res.partner/customer        CRW     CRW         R       R       R           CRW         R               CRW     R           R       R       R       R
res.partner/merchant        R       R           R       R       R           R           R               CRW     R           R       R       R       R
res.partner/company         R       R           R       R       R           R           R               CRW     R           R       R       R       R
res.partner/staff           R       R           R       R       R           R           R               R       R           R       R       R       R
res.partner/mall            R       R           R       R       R           R           R               R       R           R       R       R       R
res.partner/foreign         -       -           -       -       -           -           -               -       -           -       -       -       -
product.product/own         R       R           R       R       R           R           R               R       R           R       R       R       R
""")

PART_FIELDS = {
    'cs.complaint.contact': 'contact_ids', 'cs.complaint.responsibility': 'responsibility_ids', 'cs.complaint.step': 'step_ids',
}
SCOPES = ('own', 'centre', 'floor', 'department', 'staff', 'team', 'foreign')


class MatrixCells:
    """The cells, tried through whichever driver the class brings."""
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_mall = cls._new_company("Other Mall")
        cls.stranger = cls._new_user('agent', login='test_cs_stranger', company=cls.other_mall)
        cls.accused = cls._new_user('agent', login='test_cs_accused')
        cls.teammate = cls._new_user('agent', login='test_cs_teammate')
        cls.outside_hr = cls._new_user('hr', login='test_cs_outside_hr')
        cls.env['cs.team'].create([
            {'name': "Night Desk", 'company_id': cls.company.id, 'member_ids': [Command.set(cls.accused.ids)]},
            {'name': "Choir", 'company_id': cls.company.id, 'head_id': cls.teammate.id,
             'member_ids': [Command.set([user.id for user in cls.users.values()])]},
        ])
        cls.cases = cls._make_cases()
        cls.records = cls._make_records()

    @classmethod
    def _make_cases(cls):
        """``{(scope, state, post or None): complaint}``; the handler of an own case is the post's user."""
        wanted = {}
        for state in STATES:
            base = {'state': state, 'user_id': cls.colleague.id, 'first_contact_id': cls.colleague.id, 'level': '1'}
            wanted['centre', state, None] = {**base, 'floor_id': cls.first_floor.id}
            wanted['floor', state, None] = {**base, 'floor_id': cls.ground_floor.id}
            wanted['department', state, None] = {**base, 'department_id': cls.department.id}
            wanted['staff', state, None] = {**base, 'accused_user_id': cls.accused.id, 'floor_id': cls.ground_floor.id}
            wanted['team', state, None] = {**base, 'accused_user_id': cls.teammate.id, 'first_contact_id': cls.outside_hr.id}
            wanted['foreign', state, None] = {
                **base, 'user_id': cls.stranger.id, 'first_contact_id': cls.stranger.id, 'company_id': cls.other_mall.id}
            for post, user in cls.users.items():
                wanted['own', state, post] = {**base, 'user_id': user.id}
        complaints = cls.env['cs.complaint'].with_context(mail_auto_subscribe_no_notify=True, tracking_disable=True).create([cls._vals(**values) for values in wanted.values()])
        cases = dict(zip(wanted, complaints, strict=True))
        cls.env['cs.complaint.contact'].create([
            {'case_id': complaint.id, 'note': "Called.", 'user_id': cls.colleague.id} for complaint in complaints])
        cls.env['cs.complaint.responsibility'].create([
            {'case_id': complaint.id, 'party': 'merchant'} for complaint in complaints if complaint.state not in ('registered', 'resolved')])
        return cases

    @classmethod
    def _make_records(cls):
        """``{row of RECORDS: (record, or a function of the user; values to create; values to write)}``"""
        own, foreign = cls.company.id, cls.other_mall.id
        made = {}
        for model in ('cs.complaint.category', 'cs.complaint.cause', 'cs.team', 'cs.floor'):
            scopes = {'own': own, 'foreign': foreign, **({} if model in ('cs.team', 'cs.floor') else {'shared': False})}
            for scope, company in scopes.items():
                values = {'name': f"{model} {scope}", 'company_id': company}
                made[f'{model}/{scope}'] = cls.env[model].create(values), values, {'name': "Renamed"}
        for model in ('cs.complaint.assign', 'cs.complaint.answer'):
            made[f'{model}/mine'] = cls._window_of, cls._window_vals, {}
            made[f'{model}/theirs'] = cls._window_of(model, cls.colleague), None, {}
        foreign_customer, company_customer = cls.env['res.partner'].create([
            {'name': "Foreign Customer", 'company_id': foreign}, {'name': "Hotel", 'is_company': True}])
        foreign_order = cls.env['sale.order'].create({
            'company_id': foreign, 'partner_id': foreign_customer.id, 'order_line': [Command.create({'product_id': cls.product.id})]})
        for scope, order in (('own', cls.order), ('foreign', foreign_order)):
            made[f'sale.order/{scope}'] = (
                order, {'partner_id': cls.customer.id, 'company_id': order.company_id.id}, {'client_order_ref': "X"})
            made[f'sale.order.line/{scope}'] = (
                order.order_line, {'order_id': order.id, 'product_id': cls.product.id}, {'name': "X"})
        card = {'name': "New Name", 'phone': "13911112222", 'street': "Road 1"}
        for scope, partner, values in (
            ('customer', cls.customer, {'name': "New Customer", 'phone': "13911110000"}),
            ('merchant', cls.merchant, {'name': "New Shop", 'is_merchant': True}),
            ('company', company_customer, {'name': "New Hotel", 'is_company': True}),
            ('staff', cls.colleague.partner_id, None),
            ('mall', cls.company.partner_id, {'name': "Guard", 'parent_id': cls.company.partner_id.id}),
            ('foreign', foreign_customer, {'name': "New Foreigner", 'company_id': foreign}),
        ):
            made[f'res.partner/{scope}'] = partner, values, card
        made['product.product/own'] = cls.product, {'name': "Chair"}, {'name': "Table"}
        return made

    @classmethod
    def _window_vals(cls, model, user):
        post = next((post for post, other in cls.users.items() if other == user), None)
        complaint = cls.cases['own', 'registered', post] if post else cls.cases['centre', 'registered', None]
        return {'complaint_id': complaint.id, 'result': "x"} if model == 'cs.complaint.answer' else {'reason': "x"}

    @classmethod
    def _window_of(cls, model, user):
        return cls.env(user=user.id, su=True)[model].create(cls._window_vals(model, user))

    def case(self, scope, state, post):
        return self.cases[scope, state, post if scope == 'own' else None]

    def reads(self, post, scope, state):
        cell = READ[post][scope]
        return cell == 'all' or cell == 'open' and state != 'closed'

    def cells(self, post, states=STATES, scopes=SCOPES):
        for scope in scopes:
            for state in states:
                self.where = (post, scope, state)
                yield scope, state, self.case(scope, state, post)

    # ------------------------------------------------------------
    # complaints
    # ------------------------------------------------------------

    def visible(self, post):
        """The complaints of the table that a post finds. Those handled by another post are of the centre to it."""
        return self.env['cs.complaint'].union(*[
            complaint for (scope, state, owner), complaint in self.cases.items()
            if self.reads(post, 'centre' if owner not in (None, post) else scope, state)
        ])

    def test_complaint_found(self):
        domain = [('id', 'in', [complaint.id for complaint in self.cases.values()])]
        for post in self.each_post():
            expected = set(self.visible(post).ids)
            if not expected:
                for method in ('search', 'search_read', 'search_count'):
                    self.check(AccessError, 'cs.complaint', method, domain, words="Complaint")
                continue
            self.same(set(self.check(None, 'cs.complaint', 'search', domain)), expected)
            self.same({row['id'] for row in self.check(None, 'cs.complaint', 'search_read', domain, ['name'])}, expected)
            self.same(self.check(None, 'cs.complaint', 'search_count', domain), len(expected))

    def test_complaint_read(self):
        for post in self.each_post():
            for scope, state, complaint in self.cells(post):
                expected = None if self.reads(post, scope, state) else AccessError
                self.check(expected, 'cs.complaint', 'read', complaint.ids, ['name', 'description'], words=r"cs\.complaint")

    def test_complaint_write(self):
        for post in self.each_post():
            for scope, state, complaint in self.cells(post):
                for field in WRITTEN[WRITE[post][scope]]:
                    self._try_write(complaint, field, WRITE[post][scope], self.reads(post, scope, state))

    def _try_write(self, complaint, field, cell, reads):
        locked = complaint.state not in EDITABLE[field]
        if cell == 'case' or cell == 'findings' and field == 'finding':
            self.check(UserError if locked else None, 'cs.complaint', 'write', complaint.ids, {field: "x"}, words="can no longer be changed")
        elif reads and locked:
            self.check(Refused, 'cs.complaint', 'write', complaint.ids, {field: "x"}, words=r"cs\.complaint|Your post|can no longer")
        else:
            self.check(AccessError, 'cs.complaint', 'write', complaint.ids, {field: "x"}, words=r"cs\.complaint|Your post fills in")

    def test_complaint_unlink(self):
        self.assertFalse(DELETES)
        for post in self.each_post():
            for scopes, states in ((('own',), STATES), (SCOPES[1:], STATES[:1])):
                for _scope, _state, complaint in self.cells(post, states, scopes):
                    self.check(AccessError, 'cs.complaint', 'unlink', complaint.ids, words=r"cs\.complaint")

    def test_complaint_create(self):
        foreign = {'allowed_company_ids': [self.other_mall.id]}
        for post in self.each_post():
            expected = None if post in REGISTERS else AccessError
            self.check(expected, 'cs.complaint', 'create', [self._vals()], words=r"not allowed to create.*cs\.complaint")
            self.check(Refused, 'cs.complaint', 'create', [self._vals(company_id=self.other_mall.id)])
            self.check(Refused, 'cs.complaint', 'create', [self._vals()], context=foreign)

    # ------------------------------------------------------------
    # parts of a complaint
    # ------------------------------------------------------------

    def test_parts_found_and_read(self):
        for post in self.each_post():
            visible = self.visible(post)
            for model, field in PART_FIELDS.items():
                if 'R' not in PARTS[post][model]:
                    self.check(AccessError, model, 'search', [], words=r"cs\.complaint")
                    continue
                mine = [('case_id', 'in', [complaint.id for complaint in self.cases.values()])]
                self.same(set(self.check(None, model, 'search', mine)), set(visible[field].ids), model)
            for scope, state, complaint in self.cells(post, ('assigned', 'closed')):
                for model, field in PART_FIELDS.items():
                    reads = 'R' in PARTS[post][model] and self.reads(post, scope, state)
                    self.check(None if reads else AccessError, model, 'read', complaint[field].ids, ['case_id'], words=r"cs\.complaint")

    def test_contact_written(self):
        model = 'cs.complaint.contact'
        for post in self.each_post():
            for scope, state, complaint in self.cells(post, ('registered', 'closed')):
                may = 'C' in PARTS[post][model] and self.reads(post, scope, state)
                expected = AccessError if not may else UserError if state == 'closed' else None
                vals = {'case_id': complaint.id, 'note': "x"}
                self.check(expected, model, 'create', [vals], words=r"cs\.complaint|nothing can be added")
                self.check(Refused, model, 'write', complaint.contact_ids.ids, {'note': "x"})      # somebody else's entry
                if expected is None:
                    own = self.env(user=self.actor.id, su=True)[model].create(vals)
                    self.check(None, model, 'write', own.ids, {'note': "y"})
                    self.check(AccessError, model, 'unlink', own.ids, words=model)

    def test_responsibility_written(self):
        model = 'cs.complaint.responsibility'
        for post in self.each_post():
            for scope, state, complaint in self.cells(post, ('registered', 'negotiating', 'resolved', 'closed')):
                may = 'C' in PARTS[post][model] and WRITE[post][scope] != '-'
                expected = AccessError if not may else None if state in EDITABLE['finding'] else UserError
                lines = complaint.responsibility_ids
                if not lines:
                    vals = {'case_id': complaint.id, 'party': 'maker', 'percent': 100}
                    self.check(expected, model, 'create', [vals], words=r"cs\.complaint|nothing can be added")
                    continue
                self.check(expected, model, 'write', lines.ids, {'note': "x"}, words=r"cs\.complaint|nothing can be added")
                self.check(expected, model, 'unlink', lines.ids, words=r"cs\.complaint|nothing can be added")

    def test_step_log_never_written(self):
        model = 'cs.complaint.step'
        for post in self.each_post():
            for _scope, _state, complaint in self.cells(post, ('registered',)):
                self.check(AccessError, model, 'create', [{'case_id': complaint.id, 'method': 'x'}], words=model)
                self.check(AccessError, model, 'write', complaint.step_ids.ids, {'words': "x"}, words=model)
                self.check(AccessError, model, 'unlink', complaint.step_ids.ids, words=model)

    # ------------------------------------------------------------
    # everything else
    # ------------------------------------------------------------

    def test_records(self):
        self.assertEqual(set(RECORDS), set(self.records))
        for post in self.each_post():
            for row, cells in RECORDS.items():
                self.where = (post, row)
                with self.env.cr.savepoint() as savepoint:
                    self._try_record(row, cells[post])
                    savepoint.rollback()

    def _try_record(self, row, cell):
        model = row.split('/')[0]
        record, to_create, to_write = self.records[row]
        if callable(record):
            record = record(model, self.actor)
            to_create = to_create(model, self.actor)
        may = {op: None if op in cell else AccessError for op in 'CRWD'}
        self.check(may['R'], model, 'read', record.ids, ['display_name'], words=model)
        kind, found = self.attempt(model, 'search', [('id', 'in', record.ids)])
        self.same(found if not kind else [], record.ids if 'R' in cell else [], 'search')
        self.check(may['W'], model, 'write', record.ids, to_write, words=f"{model}|service centre keeps")
        self.check(may['D'], model, 'unlink', record.ids, words=model)
        if to_create:
            self.check(may['C'], model, 'create', [to_create], words=f"{model}|service centre keeps|invalid companies")


@tagged('post_install', '-at_install')
class TestSecurityMatrixOrm(MatrixCells, OrmDriver, SecurityCase):
    """The matrix through the ORM."""

    def test_every_model_has_a_row(self):
        own = {
            name for name, model in self.env.registry.items()
            if model._original_module == 'cs_center' and not model._abstract
        }
        rows = {row.split('/')[0] for row in RECORDS} | set(PARTS['agent']) | {'cs.complaint'}
        self.assertFalse(own - rows, "models without a row in the matrix")

    def test_every_post_has_a_row(self):
        groups = self.env['res.groups'].search([('privilege_id.category_id', '=', self.env.ref('cs_center.module_category_cs').id)])
        posts = {name.removeprefix('cs_center.group_cs_') for name in groups.get_external_id().values()}
        for rows in (READ, WRITE, PARTS, RECORDS['cs.team/own']):
            self.assertEqual(set(rows), posts)


@tagged('post_install', '-at_install')
class TestSecurityMatrixRpc(MatrixCells, SecurityCase, RpcDriver):
    """The matrix over HTTP, every user logged in."""
