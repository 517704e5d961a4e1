import html
import re
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common.center_case import CsCenterCommon

# posts that send the link of a case which the specialist handles; the others may read it at most
SENDERS = {'agent', 'specialist', 'supervisor', 'manager', 'hr'}


class CustomerLinkCase(CsCenterCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "ms.wang@example.com"
        cls.portal_user, cls.stranger = cls.env['res.users'].with_context(no_reset_password=True).create(
            [
                {
                    'login': login,
                    'password': login,
                    'partner_id': partner.id,
                    'group_ids': [Command.set(cls.env.ref('base.group_portal').ids)],
                }
                for login, partner in (
                    ('test_cs_customer', cls.customer),
                    ('test_cs_other', cls.env['res.partner'].create({'name': "Mr Li"})),
                )
            ]
        )

    def _sign_in(self, login):
        self.authenticate(login, login)
        self.opener.trust_env = False
        self.opener.cookies.set('frontend_lang', 'en_US')

    def _open(self, address, login=None, **more):
        self._sign_in(login)
        return self.url_open(address, **more)

    def _page(self, case, token=None, login=None):
        return self._open(f'/my/complaints/{case.id}' + (f'?access_token={token}' if token else ''), login)

    def _say(self, case, text, token=None, login=None, csrf=True):
        self._sign_in(login)
        data = {'message': text, **({'access_token': token} if token else {})}
        if csrf:
            data['csrf_token'] = Request.csrf_token(self)
        answer = self.opener.post(
            f'{self.base_url()}/my/complaints/{case.id}/message', data=data, allow_redirects=False, timeout=30
        )
        self.env.invalidate_all()
        return answer

    def _said(self, case):
        self.env.flush_all()
        subtype = self.env.ref('cs_center.mt_by_link')
        return case.sudo().message_ids.filtered(lambda message: message.subtype_id == subtype)

    def _token(self, case):
        return case.sudo()._portal_ensure_token()


@tagged('post_install', '-at_install')
class TestCustomerLink(CustomerLinkCase):
    """The link: who gets it, how long it works, how it is taken back."""

    def _keep_contacts(self):
        """Odoo's dialog is for those who keep contacts."""
        keepers = self.env.ref('base.group_partner_manager')
        keepers.user_ids = [Command.link(user.id) for user in self.users.values()]

    def test_who_gets_it(self):
        case = self._bring_to('assigned', floor_id=self.ground_floor.id)
        self._token(case)
        self._keep_contacts()
        for post, user in self.users.items():
            as_user = case.with_user(user)
            on = {'active_model': case._name, 'active_id': case.id}
            share = self.env['portal.share'].with_user(user).with_context(**on)
            ways = (
                as_user.get_portal_url,
                as_user._portal_ensure_token,
                lambda as_user=as_user: as_user._get_share_url(redirect=True),
                lambda share=share: share.default_get(['share_link'])['share_link'],
                lambda share=share: share.create({'partner_ids': self.customer.ids}).read(['share_link']),
            )
            for way in ways:
                self.env.invalidate_all()
                with self.subTest(post, way=str(way)):
                    if post in SENDERS and as_user.has_access('read'):
                        self.assertTrue(way())
                    else:
                        with self.assertRaises(AccessError):
                            way()
            with self.subTest(post, way="receipt"):
                if as_user.has_access('read'):
                    self.assertEqual(bool(as_user._print_receipt()['link']), post in SENDERS)

    def test_handler_without_the_desk(self):
        """Who handles a case sends its link, whatever the post."""
        case = self._register(self.floor, floor_id=self.ground_floor.id)
        self.assertEqual(case.user_id, self.floor)
        self.assertTrue(case.with_user(self.floor).get_portal_url())

    def test_nobody_reads_the_token(self):
        case = self._register()
        token = self._token(case)
        for post, user in self.users.items():
            as_user = case.with_user(user)
            with self.subTest(post):
                for way in (
                    lambda as_user=as_user: as_user.read(['access_token']),
                    lambda as_user=as_user: as_user.web_read({'access_token': {}}),
                    lambda as_user=as_user: as_user.search([('access_token', '=', token)]),
                    lambda as_user=as_user: as_user.search([], order='access_token'),
                    lambda as_user=as_user: as_user.formatted_read_group([], ['access_token'], ['__count']),
                    lambda as_user=as_user: as_user.create(self._vals(access_token="x")),
                    lambda as_user=as_user: as_user.write({'access_token': "x"}),
                ):
                    self.env.invalidate_all()
                    with self.assertRaises(UserError):
                        way()
                self.assertNotIn('access_token', as_user.fields_get())
                if as_user.has_access('read'):
                    self.assertNotIn(token, str(as_user.read()))
                    self.assertNotIn(token, str(as_user.copy_data() if as_user.has_access('create') else ''))
        self.env['ir.default'].set('cs.complaint', 'access_token', "x", user_id=self.agent.id)
        complaints = self.env['cs.complaint'].with_user(self.agent).with_context(default_access_token="x")
        made = complaints.create(self._vals())
        self.assertFalse(made.sudo().access_token)
        for model in self.env['cs.case.mixin']._case_names():
            self.assertEqual(self.env[model]._fields['access_token'].groups, '.', model)

    def test_sharing_is_a_step(self):
        """Odoo's own dialog would write the link into the history, where every reader finds it."""
        case = self._register()
        self._keep_contacts()
        on = {'active_model': case._name, 'active_id': case.id}
        share = self.env['portal.share'].with_user(self.agent).with_context(**on)
        dialog = share.create({'partner_ids': self.customer.ids})
        with self.assertRaisesRegex(UserError, "Send the Link"):
            dialog.action_send_mail()
        self.assertFalse(case.sudo().message_ids.filtered(lambda message: 'access_token' in (message.body or '')))

    def test_revoked_and_sent_anew(self):
        case = self._bring_to('assigned')
        old = self._token(case)
        self.assertEqual(self._page(case, old).status_code, 200)
        for user in (self.agent, self.clerk, self.satisfaction, self.executive, self.hq):
            with self.assertRaises(AccessError):
                case.with_user(user).action_revoke_link()
        case.with_user(self.supervisor).action_revoke_link()
        step = case.sudo().step_ids[-1]
        self.assertEqual((step.method, step.user_id), ('action_revoke_link', self.supervisor))
        self.assertEqual(self._page(case, old).status_code, 404)
        self.assertFalse(self._token(case), "a message makes no new one")
        self.assertFalse(case.with_user(self.agent)._print_receipt()['link'])
        with self.assertRaises(UserError):
            case.with_user(self.agent).get_portal_url()
        self.assertNotIn('action_revoke_link', case.with_user(self.supervisor).allowed_steps)
        for user in (self.clerk, self.satisfaction, self.executive, self.hq):
            with self.assertRaises(AccessError):
                case.with_user(user).action_send_link()
        case.with_user(self.agent).action_send_link()
        self.assertEqual(case.sudo().step_ids[-1].method, 'action_send_link')
        new = self._token(case)
        self.assertTrue(new and new != old)
        self.assertEqual((self._page(case, old).status_code, self._page(case, new).status_code), (404, 200))

    def test_mails_carry_a_button(self):
        """The mail of the step, and any other to the customer: the button opens the page, the history holds no key."""
        case = self._bring_to('assigned')
        mails = self.env['mail.mail'].sudo()

        def button():
            """The address of the button in the last mail to the customer; mails wait for the end of the transaction."""
            [mail] = mails.search([('recipient_ids', 'in', self.customer.ids)], order='id desc', limit=1)
            found = re.search(r'href="([^"]*/mail/view[^"]*)"', str(mail.body_html))
            return found and html.unescape(found[1])

        for send in (
            case.with_user(self.agent).action_send_link,
            lambda: case.with_user(self.agent).message_post(
                body="Hello", subtype_xmlid='mail.mt_comment', partner_ids=self.customer.ids
            ),
        ):
            send()
            address = button()
            self.assertIn('/mail/view?', address)
            self.assertNotIn('hash=', address)
            page = self._open(address.replace(self.env['ir.config_parameter'].sudo().get_param('web.base.url'), ''))
            self.assertEqual((page.status_code, case.name in page.text), (200, True), address)
            self.assertIn(f'/my/complaints/{case.id}', page.url)
        token = case.sudo().access_token
        self.assertNotIn(token, str(case.sudo().message_ids.mapped('body')))
        case.with_user(self.supervisor).action_revoke_link()
        send()
        self.assertFalse(button(), "no button that leads nowhere")
        without = self.env['res.partner'].create({'name': "No Mail", 'phone': "13911112222"})
        told = self._register(partner_id=without.id).action_send_link()
        self.assertIn("print the receipt", told['params']['message'])

    def test_expires(self):
        for state in ('closed', 'unfounded', 'withdrawn', 'archived'):
            with self.subTest(state):
                self.company.cs_link_days = 90
                case = self._bring_to(state)
                token = self._token(case)
                self.assertTrue(case.sudo()._link_alive())
                self.assertEqual(self._page(case, token).status_code, 200)
                self.company.cs_link_days = 0
                self.assertEqual(self._page(case, token).status_code, 404)
                self.company.cs_link_days = 90
                with freeze_time(Datetime.now() + timedelta(days=89)):
                    self.assertTrue(case.sudo()._link_alive())
                with freeze_time(Datetime.now() + timedelta(days=91)):
                    self.assertFalse(case.sudo()._link_alive())
                    if state in ('closed', 'unfounded'):
                        case.with_user(self.supervisor).action_reopen(reason="Again.")
                        self.assertTrue(case.sudo()._link_alive(), "reopening brings it back")
                        self.assertEqual(self._token(case), token)
                    elif state == 'withdrawn':
                        case.with_user(self.agent).action_send_link()
                        self.assertTrue(case.sudo()._link_alive(), "sent anew")
                    else:
                        with self.assertRaises(UserError):
                            case.with_user(self.agent).action_send_link()
        open_case = self._register()
        with freeze_time(Datetime.now() + timedelta(days=900)):
            self.assertTrue(open_case.sudo()._link_alive(), "an open case keeps it")

    def test_letters_sent_before(self):
        """A letter of an earlier version: the same token, with hash and id of the partner behind it."""
        case = self._register()
        token = self._token(case)
        signed = f'pid={self.customer.id}&hash={case.sudo()._sign_token(self.customer.id)}'
        for address in (
            f'/my/complaints/{case.id}?access_token={token}&{signed}',
            f'/mail/view?model=cs.complaint&res_id={case.id}&access_token={token}&{signed}',
        ):
            page = self._open(address)
            self.assertEqual((page.status_code, case.name in page.text), (200, True), address)

    def test_no_link(self):
        """Where nobody is named there is no link, nor any step for it; and none to what has no page."""
        for values in ({'confidential': True}, {'anonymous': True, 'partner_id': False}):
            case = self._register(**values)
            self.assertFalse(self._token(case))
            self.assertFalse({'action_send_link', 'action_revoke_link'} & set(case.allowed_steps))
            with self.assertRaises(UserError):
                case.action_send_link()
        case = self._register()
        token = self._token(case)
        case.with_user(self.supervisor).action_make_confidential(reason="x")
        self.assertEqual(self._page(case, token).status_code, 404)
        self.assertEqual(self._page(case, login='test_cs_customer').status_code, 404)
        revisit = self.env['cs.revisit'].create(self._revisit_vals(self._register(), kind='manual'))
        self.assertFalse(revisit._portal_ensure_token())
        with self.assertRaises(UserError):
            revisit.get_portal_url()


@tagged('post_install', '-at_install')
class TestCustomerPage(CustomerLinkCase):
    """The page: what it tells, to whom, under what name; what may be said there."""

    @mute_logger('odoo.http')
    def test_one_answer_to_all_that_is_wrong(self):
        case, revoked, ended = self._register(), self._register(), self._bring_to('withdrawn')
        tokens = [self._token(one) for one in (case, revoked, ended)]
        revoked.with_user(self.supervisor).action_revoke_link()
        self.company.cs_link_days = 0
        wrong = [
            (case.id, None), (case.id, ''), (case.id, 'x'), (case.id, 'False'), (case.id, tokens[0][:-1]),
            (case.id, tokens[0].upper()), (case.id, '%E4%B8%AD'), (case.id, '%ff%00'), (case.id, '-'),
            (case.id, tokens[2]),
            (revoked.id, tokens[1]), (ended.id, tokens[2]), (0, tokens[0]), (999999999, tokens[0]), (2**40, tokens[0]),
        ]
        for login in (None, 'test_cs_other', 'test_cs_finance'):
            answers = set()
            for number, token in wrong:
                for route in ('', '/message'):
                    self._sign_in(login)
                    address = f'/my/complaints/{number}{route}'
                    if route:
                        data = {'csrf_token': Request.csrf_token(self), 'message': "x", 'access_token': token or ''}
                        answer = self.url_open(address, data=data)
                    else:
                        answer = self.url_open(address + ('' if token is None else f'?access_token={token}'))
                    body = answer.text[answer.text.index('<main'):answer.text.index('</main>')]
                    answers.add((answer.status_code, body))
                    self.assertNotIn(case.name, answer.text)
            self.assertEqual(len(answers), 1, login)
            self.assertEqual(answers.pop()[0], 404)
            places = set()
            for number, token in wrong[4:13]:
                answer = self.opener.get(
                    f'{self.base_url()}/mail/view?model=cs.complaint&res_id={number}&access_token={token}',
                    allow_redirects=False,
                )
                places.add((answer.status_code, answer.headers['Location'].replace(f'{number}', 'N').split('=')[0]))
            self.assertEqual(len(places), 1, places)
        self.assertFalse(self._said(case) | self._said(revoked) | self._said(ended))

    def test_who_opens_it(self):
        case = self._register()
        token = self._token(case)
        family = self.env['res.partner'].create({'name': "Son", 'parent_id': self.customer.id})
        for login, key, opens in (
            (None, token, True),
            (None, None, False),
            ('test_cs_customer', None, True),
            ('test_cs_customer', 'wrong', True),
            ('test_cs_other', None, False),
            ('test_cs_other', token, True),
            ('test_cs_agent', None, True),
            ('test_cs_finance', token, False),
            ('test_cs_floor', token, False),
        ):
            with self.subTest(login=login, token=bool(key)):
                self.assertEqual(case.name in self._page(case, key, login).text, opens)
        case.sudo().partner_id = family
        self.assertIn(case.name, self._page(case, None, 'test_cs_customer').text, "of the same household, as in Odoo")
        page = self._open(f'/mail/view?model=cs.complaint&res_id={case.id}', 'test_cs_customer')
        self.assertIn(case.name, page.text)

    def test_plain_facts_under_the_name_of_the_mall(self):
        self.company.write({'phone': "0755-8000 4711", 'email': "care@mall.example.com"})
        case = self._bring_to('assigned', description="<b>The seat</b> sags.")
        case.sudo().received_at = '2026-03-02 17:30:00'
        case.with_user(self.agent).message_post(body="Between us 4711", subtype_xmlid='mail.mt_comment')
        case.with_user(self.specialist).write({'customer_opinion': "Between us 4711", 'demand': "Between us 4711"})
        self.env.company.name = "First Company of All"
        page = self._page(case, self._token(case))
        for told in (
            case.name, "2026-03-03 01:30", "&lt;b&gt;The seat&lt;/b&gt;", f"<title>{self.company.name}</title>",
            "0755-8000 4711", "care@mall.example.com",
        ):
            self.assertIn(told, page.text)
        for hidden in (
            "4711</", "First Company of All", "2026-03-02", self.specialist.name, self.agent.name, self.customer.phone,
            'o_portal_chatter', "message_ids",
        ):
            self.assertNotIn(hidden, page.text.replace("0755-8000 4711", ""))
        self.assertEqual(page.headers['Referrer-Policy'], 'no-referrer')
        self.assertEqual(page.headers['Cache-Control'], 'no-store')

    def test_what_the_customer_says(self):
        case = self._bring_to('assigned')
        token = self._token(case)
        before = case.sudo().write_date
        for login, key, marker in (
            (None, token, "opened by the link"),
            ('test_cs_customer', None, "signed in as Ms Wang"),
        ):
            answer = self._say(case, "It <script>sags</script> more.\nPlease come.", key, login)
            self.assertEqual(answer.status_code, 303)
            self.assertIn("has reached the service centre", self._open(answer.headers['Location'], login).text)
            message = self._said(case).sorted('id')[-1:]
            self.assertIn(marker, message.body)
            self.assertIn("It &lt;script&gt;sags&lt;/script&gt; more.<br", str(message.body))
            self.assertEqual((message.author_id, message.message_type), (self.customer, 'comment'))
            self.assertTrue(message.subtype_id.internal)
            self.assertFalse(message.notified_partner_ids)
        self.assertEqual(len(self._said(case)), 2)
        told = case.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref('cs_center.activity_by_link')
        )
        self.assertEqual(told.user_id, self.specialist, "one to-do, however often the customer writes")
        self.assertNotIn(self.customer, case.sudo().message_partner_ids)
        self.assertEqual(case.sudo().state, 'assigned')
        self.assertGreaterEqual(case.sudo().write_date, before)
        self.assertEqual(
            self._said(case).with_user(self.satisfaction).sudo(False).mapped('author_id'), self.customer, "staff reads"
        )

    def test_colleagues_open_what_the_customer_left_to_do(self):
        # whoever is nobody is at home in another company, and no colleague of the mall may read that user
        self.assertFalse(self.env.ref('base.public_user').company_ids & self.company)
        case = self._bring_to('assigned')
        self._say(case, "It sags more.", self._token(case))
        told = case.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref('cs_center.activity_by_link')
        )
        self.assertTrue(told)
        for user in (self.specialist, self.supervisor, self.manager):
            self.env.invalidate_all()
            with self.subTest(user=user.login):
                shown = told.with_user(user).sudo(False).activity_format()
                self.assertEqual([row['id'] for row in shown['mail.activity']], told.ids)

    def test_bounds(self):
        case = self._bring_to('assigned')
        token = self._token(case)
        empty = "write something"
        for text, refusal in (("", empty), (" \n ", empty), ("x" * 2001, "too long"), ("a\0b", "")):
            answer = self._say(case, text, token)
            self.assertEqual(answer.status_code, 200, text[:10])
            self.assertIn(refusal, answer.text)
        self.assertFalse(self._said(case))
        with mute_logger('odoo.http'):
            self.assertEqual(self._say(case, "x", token, csrf=False).status_code, 400)
        self.company.cs_link_messages = 3
        for turn in range(5):
            answer = self._say(case, f"Turn {turn}", token)
            self.assertEqual(answer.status_code, 303 if turn < 3 else 200)
        self.assertIn("several times today", answer.text)
        self.assertIn("Turn 4", answer.text, "what was typed is not lost")
        self.assertEqual(len(self._said(case)), 3)
        self._said(case).date = Datetime.now() - timedelta(days=1, minutes=1)
        self.assertEqual(self._say(case, "Next day", token).status_code, 303)
        other = self._register()
        self.assertEqual(self._say(other, "Another case", self._token(other)).status_code, 303)
        with mute_logger('odoo.http'):
            self.assertEqual(self._say(other, "Staff", self._token(other), 'test_cs_agent').status_code, 404)
        self.company.cs_link_messages = 0
        self.assertNotIn('cs_say', self._page(other, self._token(other)).text)

    def test_nothing_is_added_to_what_is_closed(self):
        for state in ('closed', 'unfounded', 'withdrawn', 'archived'):
            with self.subTest(state):
                case = self._bring_to(state)
                token = self._token(case)
                page = self._page(case, token).text
                self.assertNotIn('cs_say', page)
                self.assertIn("This matter is closed", page)
                self.assertIn("How to Reach", page)
                for key, login in ((token, None), (None, 'test_cs_customer')):
                    self.assertIn("closed", self._say(case, "x", key, login).text)
                self.assertFalse(self._said(case))

    def test_each_mall_sets_its_own(self):
        Setup = self.env['cs.link.setup']
        for post, user in self.users.items():
            setup = Setup.with_user(user).with_company(self.company)
            with self.subTest(post):
                if post in ('manager', 'admin', 'group'):
                    dialog = setup.create({})
                    self.assertEqual((dialog.company_id, dialog.cs_link_days), (self.company, 90))
                    dialog.write({'cs_link_days': 30, 'cs_link_messages': 2})
                    dialog.action_confirm()
                    self.assertEqual((self.company.cs_link_days, self.company.cs_link_messages), (30, 2))
                    with self.assertRaises(UserError):
                        setup.create({'company_id': self.env.ref('base.main_company').id}).action_confirm()
                    self.company.write({'cs_link_days': 90, 'cs_link_messages': 5})
                else:
                    with self.assertRaises(AccessError):
                        setup.create({})
