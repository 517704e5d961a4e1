import ast
import inspect
import re
import textwrap
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from ..common.center_case import CsCenterCommon

OURS = ('odoo.addons.cs_center', 'odoo.addons.cs_parking_claim')


def _ends(body):
    """Whether a block cannot be left at its end without a value."""
    last = body[-1]
    if isinstance(last, ast.If):
        return bool(last.orelse) and _ends(last.body) and _ends(last.orelse)
    if isinstance(last, ast.With):
        return _ends(last.body)
    if isinstance(last, ast.Try):
        return _ends(last.orelse or last.body) and all(_ends(handler.body) for handler in last.handlers)
    return isinstance(last, (ast.Return, ast.Raise))


def _own(node):
    """What belongs to a function itself, not to those made within it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.Lambda)):
            yield child
            yield from _own(child)


def _answers(function):
    """Whether a function gives something back however it ends: XML-RPC has no word for nothing."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    returns = [node.value for node in _own(tree) if isinstance(node, ast.Return)]
    empty = [value for value in returns if value is None or isinstance(value, ast.Constant) and value.value is None]
    return _ends(tree.body) and not empty


@tagged('post_install', '-at_install')
class TestEveryStepAnswers(CsCenterCommon):
    def test_no_action_answers_nothing(self):
        silent, seen = set(), set()
        for name, model in sorted(self.env.registry.items()):
            for definition in model.mro():
                if not getattr(definition, '__module__', '').startswith(OURS):
                    continue
                for method, function in vars(definition).items():
                    if method.startswith('action_') and inspect.isfunction(function):
                        seen.add((name, method))
                        if not _answers(function):
                            silent.add(f"{definition.__module__}: {method}")
        self.assertGreater(len(seen), 150)
        self.assertFalse(silent, "\n".join(sorted(silent)))


@tagged('post_install', '-at_install')
class TestStepsOverXmlRpc(HttpCase, CsCenterCommon):
    def _ask(self, user, method, *args, model='cs.complaint', **keywords):
        """What a client of another program gets; a fault is raised."""
        self.env.flush_all()
        uid = self.xmlrpc_common.authenticate(self.env.cr.dbname, user.login, user.login, {})
        answer = self.xmlrpc_object.execute_kw(
            self.env.cr.dbname, uid, user.login, model, method, list(args), keywords
        )
        self.env.invalidate_all()
        return answer

    def test_a_step_answers_true(self):
        case = self._register()
        self.assertIs(
            self._ask(self.supervisor, 'action_assign', case.ids, user_id=self.specialist.id, level='2'), True
        )
        self.assertEqual((case.state, case.level, case.user_id), ('assigned', '2', self.specialist))
        self.assertIs(self._ask(self.specialist, 'action_investigate', case.ids), True)
        self.assertEqual(case.state, 'investigating')
        self.assertIs(
            self._ask(
                self.specialist,
                'action_negotiate',
                case.ids,
                finding="A torn seam.",
                remedy="Sew it.",
                shares=[{'party': 'merchant', 'percent': 100}],
            ),
            True,
        )
        self.assertEqual(case.responsibility_ids.mapped('percent'), [100])

    def test_json_2(self):
        """As ``docs/api.md`` shows it."""

        def post(user, method, **body):
            key = self.env['res.users.apikeys'].with_user(user)._generate(
                'rpc', "test", datetime.now() + timedelta(days=1)
            )
            answer = self.url_open(
                f'/json/2/cs.complaint/{method}', json=body, headers={'Authorization': f'bearer {key}'}
            )
            self.assertEqual(answer.status_code, 200, answer.text)
            self.env.invalidate_all()
            return answer.json()

        self.authenticate(None, None)
        vals = {
            'channel': 'phone', 'category_id': self.category.id, 'description': "The seat sags.",
            'contact_name': "Ms Wang", 'contact_phone': "13900001111",
        }
        made = post(self.agent, 'create_once', client_key="till-7/4711", vals=vals)
        self.assertEqual(post(self.agent, 'create_once', client_key="till-7/4711", vals=vals), made)
        answer = post(
            self.supervisor, 'action_assign', ids=made, user_id=self.specialist.id, level='2', reason="Knows the shop"
        )
        self.assertIs(answer, True)
        case = self.env['cs.complaint'].browse(made)
        self.assertEqual((case.state, case.level), ('assigned', '2'))
        message = post(self.specialist, 'message_post_once', ids=made, client_key="m", body="Called.")
        self.assertEqual(post(self.specialist, 'message_post_once', ids=made, client_key="m", body="Called."), message)

    def test_json_rpc(self):
        """As OdooRPC calls it."""
        case = self._bring_to('negotiating')
        self.env.flush_all()
        user = self.specialist
        args = (
            self.env.cr.dbname, user.id, user.login, 'cs.complaint', 'action_resolve', [case.ids],
            {'result': "Sewn.", 'customer_opinion': "Fine."},
        )
        answer = self.url_open(
            '/jsonrpc',
            json={
                'jsonrpc': '2.0', 'method': 'call', 'id': 1,
                'params': {'service': 'object', 'method': 'execute_kw', 'args': args},
            },
        )
        self.assertIs(answer.json()['result'], True)
        self.env.invalidate_all()
        self.assertEqual(case.state, 'resolved')

    def test_bad_shares_and_levels(self):
        case = self._bring_to('investigating')
        for shares in ("x", [5], [{'percent': 100}], [{'party': 'merchant', 'percent': 100, 'case_id': 1}]):
            with self.assertRaisesRegex(UserError, "list of shares"):
                case.with_user(self.specialist).action_negotiate(finding="A", remedy="B", shares=shares)
        with self.assertRaisesRegex(UserError, "sum to 100"):
            case.with_user(self.specialist).action_negotiate(
                finding="A", remedy="B", shares=[{'party': 'merchant', 'percent': 50}]
            )
        with self.assertRaisesRegex(UserError, "nothing to be kept as"):
            case.with_user(self.specialist).action_negotiate(finding="A", remedy="B", shares=[{'party': 'moon'}])
        with self.assertRaisesRegex(UserError, "not known as: Level"):
            self._register().with_user(self.supervisor).action_assign(user_id=self.specialist.id, level=2)
        with self.assertRaises(AccessError):
            self._register().with_user(self.agent).action_assign(user_id=self.specialist.id, level='1')

    def test_level_and_shares_are_keywords_where_they_are_needed(self):
        for name in self.env['cs.case.mixin']._case_names():
            for method, step in self.env[name]._steps.items():
                function = getattr(self.env.registry[name], method, None)  # some are taken by no press
                keywords = inspect.signature(function).parameters if function else ('level', 'shares')
                for need, keyword in (('level', 'level'), ('responsibility_ids', 'shares')):
                    self.assertTrue(need not in step.needs or keyword in keywords, f"{name}.{method}: {keyword}")


@tagged('post_install', '-at_install')
class TestAssignedTwice(CsCenterCommon):
    def test_complaint(self):
        case = self._bring_to('assigned').with_user(self.supervisor)
        before = (case.step_ids, case.message_ids, case.activity_ids, case.sudo().clock_ids.mapped('write_date'))
        self.assertIs(case.action_assign(user_id=self.specialist.id, reason="Pressed twice"), True)
        after = (case.step_ids, case.message_ids, case.activity_ids, case.sudo().clock_ids.mapped('write_date'))
        self.assertEqual(after, before)
        case.action_assign(user_id=self.specialist.id, department_id=self.department.id)
        self.assertEqual(len(case.step_ids), len(before[0]) + 1)

    def test_right_is_judged_all_the_same(self):
        case = self._bring_to('assigned')
        with self.assertRaises(AccessError):
            case.with_user(self.agent).action_assign(user_id=self.specialist.id)

    def test_revisit(self):
        case = self._bring_to('resolved')
        revisit = self._planned_revisit(case).with_user(self.supervisor)
        revisit.action_assign(user_id=self.agent.id)
        steps = revisit.step_ids
        self.assertIs(revisit.action_assign(user_id=self.agent.id), True)
        self.assertEqual(revisit.step_ids, steps)


@tagged('post_install', '-at_install')
class TestNumbersNotBurnt(CsCenterCommon):
    def test_refused_in_another_mall(self):
        other = self.env['res.company'].create({'name': "Other Mall"})
        facts = {'partner_id': self.customer.id, 'company_id': other.id, 'description': "x"}
        tried = {
            'cs.complaint': self._vals(
                company_id=other.id, partner_id=False, contact_name="A", contact_phone="13911112222"
            ),
            'cs.return': {**facts, 'kind': 'quality'},
            'cs.compensation': {**facts, 'kind': 'cash'},
            'cs.revisit': {**facts, 'kind': 'manual', 'reason': "x"},
        }
        for name, vals in tried.items():
            Model = self.env[name]
            [before] = Model._draw_numbers(other, other._cs_local_date(), 1)
            for _attempt in range(3):
                with self.assertRaises(AccessError):
                    Model.with_user(self.specialist).create(vals)
            [after] = Model._draw_numbers(other, other._cs_local_date(), 1)
            self.assertEqual(int(after[-5:]), int(before[-5:]) + 1, name)

    def test_refused_for_want_of_the_right(self):
        Model = self.env['cs.complaint']
        [before] = Model._draw_numbers(self.company, self.company._cs_local_date(), 1)
        with self.assertRaises(AccessError):
            Model.with_user(self.hq).create(self._vals())
        [after] = Model._draw_numbers(self.company, self.company._cs_local_date(), 1)
        self.assertEqual(int(after[-5:]), int(before[-5:]) + 1)


@tagged('post_install', '-at_install')
class TestSweptByOdoo(CsCenterCommon):
    def test_comment_on_every_hidden_field(self):
        """As the test of Odoo's ``base`` asks for."""
        hidden = r'''(<field [^>]*invisible=['"](True|1)['"][^>]*>)[\s\t\n ]*(.*)'''
        views = self.env['ir.ui.view'].search([('type', 'in', ('list', 'form'))])
        ours = views.filtered(lambda view: (view.model_data_id.module or '').startswith('cs_center'))
        self.assertTrue(ours)
        bare = [
            f"{view.xml_id}: {field}"
            for view in ours
            for field, _value, comment in re.findall(hidden, view.arch_db)
            if not comment.startswith('<!--')
        ]
        self.assertFalse(bare)

    def test_next_call_opens_a_window_when_nobody_is_to_be_called(self):
        self.env['cs.revisit'].search([])._drop('by_hand')
        action = self.env.ref('cs_center.cs_revisit_next_call_action').with_user(self.agent).run()
        window = action if action['type'] == 'ir.actions.act_window' else action['params']['next']
        self.assertEqual((window['type'], window['res_model']), ('ir.actions.act_window', 'cs.revisit'))
