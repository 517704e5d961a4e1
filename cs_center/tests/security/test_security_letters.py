from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common.compensation_case import CompensationCase
from ..common.return_case import ReturnCase


class LettersCase:
    """Tests of one kind of document that is decided: ``document`` waits for its decision, ``told`` was decided,
    ``writer`` writes about both."""

    def _template(self, document, **values):
        return self.env['mail.template'].create(
            {
                'name': "x",
                'model_id': self.env['ir.model']._get_id(document._name),
                'use_default_to': False,
                'subject': "{{ object.name }}",
                'body_html': '<t t-out="object.name"/>',
                'partner_to': "{{ object.partner_id.id }}",
                **values,
            }
        )

    def _reached(self):
        """Who outside has a mail about the document that waits."""
        self.env.flush_all()
        mails = self.env['mail.mail'].sudo().search(
            [('model', '=', self.document._name), ('res_id', '=', self.document.id)]
        )
        outside = mails.filtered(lambda mail: mail.email_to or mail.recipient_ids.filtered('partner_share'))
        return outside

    def _refused(self, send):
        with self.assertRaises(UserError, msg="a letter before the decision"):
            send()
        self.assertFalse(self._reached())

    def test_template(self):
        for values in ({}, {'partner_to': False, 'email_to': 'wang@example.com'}):
            template = self._template(self.document, **values).with_user(self.writer)
            self._refused(lambda template=template: template.send_mail(self.document.id))
            self._refused(lambda template=template: template.send_mail_batch([self.told.id, self.document.id]))
            self.assertTrue(template.send_mail(self.told.id))

    def test_template_that_names_another_document(self):
        """What the mail says of itself is given by the caller: another record does not open the way."""
        template = self._template(self.document).with_user(self.writer)
        partner = {'model': 'res.partner', 'res_id': self.customer.id}
        for values in (partner, {'model': False, 'res_id': False}, {'res_id': self.told.id}):
            self._refused(lambda values=values: template.send_mail(self.document.id, email_values=values))
            message = self.env['mail.mail'].sudo().search([('subject', '=', self.document.name)])
            self.assertFalse(message)
        other = self._template(self.customer, partner_to="{{ object.id }}", subject="x", body_html="x")
        named = {'model': self.document._name, 'res_id': self.document.id, 'body_html': "You get it."}
        self._refused(lambda: other.with_user(self.writer).send_mail(self.customer.id, email_values=named))

    def test_hidden_document_is_not_named(self):
        """Whether a document waits is not found out by naming it on a mail of something else."""
        stranger = self._new_user('admin', 'test_cs_stranger')
        template = self._template(stranger.partner_id, partner_to="{{ object.id }}", subject="x", body_html="x")
        for document in (self.document, self.told):
            named = {'model': document._name, 'res_id': document.id}
            with self.assertRaises(AccessError):
                template.with_user(stranger).send_mail(stranger.partner_id.id, email_values=named)

    def test_template_to_colleagues(self):
        template = self._template(self.document, partner_to=str(self.manager.partner_id.id))
        self.assertTrue(template.with_user(self.writer).send_mail(self.document.id))
        template.write({'partner_to': False, 'email_to': self.manager.email})
        self.assertTrue(template.with_user(self.writer).send_mail(self.document.id))

    def test_composer(self):
        template = self._template(self.document)
        for mode in ('comment', 'mass_mail'):
            for documents in (self.document, self.told | self.document):
                if mode == 'comment' and len(documents) > 1:
                    continue
                wizard = self.env['mail.compose.message'].with_user(self.writer).create(
                    {
                        'model': self.document._name,
                        'res_ids': str(documents.ids),
                        'composition_mode': mode,
                        'template_id': template.id,
                        'body': "You get it.",
                        'subject': "x",
                        'partner_ids': [Command.set(self.customer.ids)],
                    }
                )
                self._refused(wizard._action_send_mail)

    def test_messages(self):
        document = self.document.with_user(self.writer)
        to = {'partner_ids': self.customer.ids}
        self._refused(lambda: document.message_post(body="x", subtype_xmlid='mail.mt_comment', **to))
        self._refused(lambda: document.message_post(body="x", outgoing_email_to='wang@example.com'))
        self._refused(lambda: document.message_notify(body="x", subject="x", **to))
        self._refused(
            lambda: self.env['mail.thread'].with_user(self.writer).message_notify(
                body="x", subject="x", model=document._name, res_id=document.id, **to
            )
        )

    def test_followers(self):
        """Whoever follows it from outside hears nothing; colleagues do."""
        document = self.document.with_user(self.writer)
        self.document.sudo().message_subscribe(self.customer.ids)
        self.document.sudo().message_subscribe(self.manager.partner_id.ids)
        message = document.message_post(body="x", subtype_xmlid='mail.mt_comment')
        self.assertIn(self.manager.partner_id, message.sudo().notification_ids.res_partner_id)
        self.assertNotIn(self.customer, message.sudo().notification_ids.res_partner_id)
        self.assertFalse(self._reached())
        wizard = self.env['mail.followers.edit'].with_user(self.writer).create(
            {
                'res_model': document._name,
                'res_ids': str(document.ids),
                'partner_ids': [Command.set(self.customer.ids)],
                'message': "You get it.",
                'notify': True,
            }
        )
        self._refused(wizard.edit_followers)

    def test_scheduled(self):
        vals = {
            'author_id': self.writer.partner_id.id,
            'model': self.document._name,
            'res_id': self.document.id,
            'body': "You get it.",
            'scheduled_date': fields.Datetime.now() + timedelta(days=1),
            'partner_ids': [Command.set(self.customer.ids)],
        }
        Scheduled = self.env['mail.scheduled.message'].with_user(self.writer)
        self._refused(lambda: Scheduled.create(vals))
        inside = Scheduled.create({**vals, 'partner_ids': [Command.set(self.manager.partner_id.ids)]})
        self._refused(lambda: inside.write({'partner_ids': [Command.link(self.customer.id)]}))
        # written while it could be told, and posted when it no longer can
        later = Scheduled.create({**vals, 'res_id': self.told.id})
        self.env.flush_all()
        self.env.cr.execute("UPDATE mail_scheduled_message SET res_id = %s", [self.document.id])
        self.env.invalidate_all()
        self._refused(later.post_message)

    def test_queue(self):
        """A letter that was drawn up after the decision does not leave once the decision was taken back."""
        mail = self.env['mail.mail'].sudo().browse(self._template(self.told).send_mail(self.told.id))
        self.assertEqual(mail.state, 'outgoing')
        self.told.sudo().state = self.told._asking_state
        mail.send()
        self.assertEqual(mail.state, 'cancel')

    def test_told_when_decided(self):
        told = self.told.with_user(self.writer)
        message = told.message_post(body="x", subtype_xmlid='mail.mt_comment', partner_ids=self.customer.ids)
        self.assertIn(self.customer, message.sudo().notification_ids.res_partner_id)


@tagged('post_install', '-at_install')
class TestSecurityLettersCompensation(LettersCase, CompensationCase):
    """Before a compensation is decided no letter about it leaves the house, whatever makes it (CPN-08)."""

    allow_inherited_tests_method = True  # else the runner of Odoo leaves them out

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = 'wang@example.com'
        cls.document, cls.told = cls._asked(), cls._approved()
        cls.document.action_submit()
        cls.writer = cls.specialist

    def test_every_state(self):
        record_sudo = self.document.sudo()
        for state in record_sudo._fields['state'].get_values(self.env):
            record_sudo.state = state
            self.assertEqual(record_sudo._may_be_told(), state in record_sudo._granted_states, state)


@tagged('post_install', '-at_install')
class TestSecurityLettersReturn(LettersCase, ReturnCase):
    """The same for returns while the approval is asked for; before it the customer brings proof and consents."""

    allow_inherited_tests_method = True  # else the runner of Odoo leaves them out

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = 'wang@example.com'
        cls.document, cls.told = cls._submitted(), cls._asked(cls.sofa_line)
        cls.told.sudo().state = 'approved'
        cls.writer = cls.specialist

    def test_every_kind_of_document_that_is_approved(self):
        """Each kind that posts approve says when it may be told; those that are asked for may not."""
        mixin = self.env.registry['cs.approval.mixin']
        kinds = [name for name in self.env['cs.case.mixin']._case_names() if issubclass(self.env.registry[name], mixin)]
        self.assertIn('cs.compensation', kinds)
        for name in kinds:
            self.assertFalse(self.env[name].new({'state': self.env[name]._asking_state})._may_be_told(), name)
            self.assertTrue(self.env[name]._told_when_decided, name)
