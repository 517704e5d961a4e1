from odoo import fields
from odoo.fields import Command

from .center_case import POSTS
from .security_compensation import CompensationRecords
from .security_hiding import CASE, MARK, HidingCase
from .security_return import ReturnRecords


class StaffCase(CompensationRecords, ReturnRecords, HidingCase):
    """Two complaints about one of a team that holds every post; some knew of it before the name was known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref('base.group_user').implied_ids += cls.env.ref('base.group_allow_export')
        mates = cls._new_users({f'mate_{post}': post for post in POSTS})
        cls.mates = {post: mates[f'mate_{post}'] for post in POSTS}
        cls.accused = cls.mates['agent']
        cls.team = cls.env['cs.team'].create(
            {
                'name': "Night Desk",
                'company_id': cls.company.id,
                'head_id': cls.mates['supervisor'].id,
                'deputy_id': cls.mates['manager'].id,
                'member_ids': [
                    Command.set([user.id for post, user in cls.mates.items() if post not in ('supervisor', 'manager')])
                ],
            }
        )
        cls.open_case = cls._register(sale_order_id=cls.order.id, sale_line_ids=[Command.set(cls.order.order_line.ids)])
        cls.plain = cls._known_to_the_team()
        cls.secret = cls._register(
            confidential=True,
            category_id=cls.staff_category.id,
            accused_user_id=cls.accused.id,
            description=MARK,
            merchant_id=cls.merchant.id,
            product_id=cls.product.id,
        ).sudo()
        cls.cases = cls.plain | cls.secret
        cls.records = cls._traces()
        cls.traces = (
            MARK,
            *cls.cases.mapped('name'),
            *cls.records['cs.revisit'].mapped('name'),
            *cls.records['cs.return'].mapped('name'),
            *cls.records['cs.compensation'].mapped('name'),
        )
        cls.env.flush_all()

    @classmethod
    def _known_to_the_team(cls):
        """Registered, discussed and worked on by teammates, before HR fills in who it is about."""
        mate = cls.mates['specialist']
        case = cls._register(
            mate,
            category_id=cls.staff_category.id,
            description=MARK,
            sale_order_id=cls.order.id,
            sale_line_ids=[Command.set(cls.order.order_line.ids)],
        )
        case.message_post(body=MARK, subtype_xmlid='mail.mt_comment', partner_ids=cls.mates['clerk'].partner_id.ids)
        as_hr = case.with_user(cls.hr)
        as_hr.message_subscribe(partner_ids=cls.mates['satisfaction'].partner_id.ids)
        as_hr.activity_schedule('mail.mail_activity_data_todo', user_id=cls.mates['executive'].id, summary=MARK)
        message = as_hr.message_post(body=MARK, subject=MARK, subtype_xmlid='mail.mt_comment')
        message.with_user(cls.mates['hq']).toggle_message_starred()
        as_hr.write({'accused_user_id': cls.accused.id})
        return case.sudo()

    @classmethod
    def _traces(cls):
        """A record of every swept model that points at the hidden complaints: ``{model: records}``."""
        case = cls.plain.with_user(cls.hr)
        case.message_subscribe(partner_ids=cls.manager.partner_id.ids)
        case.message_post(
            body=MARK, subject=MARK, subtype_xmlid='mail.mt_comment', partner_ids=cls.manager.partner_id.ids
        )
        case.message_post(body=MARK, rating_value=3)
        case.activity_schedule('mail.mail_activity_data_todo', user_id=cls.hr.id, summary=MARK)
        case.activity_schedule('mail.mail_activity_data_todo', user_id=cls.hr.id, summary=MARK).action_feedback(
            feedback=MARK
        )
        case.action_escalate(reason=MARK, user_id=cls.manager.id)
        case.action_give_task(department_id=cls.department.id, summary=MARK)
        case.action_escalate(reason=MARK, department_id=cls.department.id)
        case.write(
            {
                'contact_ids': [Command.create({'note': MARK})],
                'responsibility_ids': [Command.create({'party': 'mall', 'percent': 100, 'note': MARK})],
            }
        )
        here = {'res_model': CASE, 'res_id': case.id}
        cls.env['ir.attachment'].with_user(cls.hr).create({'name': f"{MARK}.txt", 'raw': MARK.encode(), **here})
        cls.env['mail.scheduled.message'].with_user(cls.hr).create(
            {
                'model': CASE,
                'res_id': case.id,
                'body': MARK,
                'subject': MARK,
                'author_id': cls.hr.partner_id.id,
                'scheduled_date': fields.Datetime.add(fields.Datetime.now(), days=1),
            }
        )
        case.action_pause(reason=MARK, party='customer', until=fields.Datetime.add(fields.Datetime.now(), days=1))
        for clock in cls.cases.clock_ids:
            cls.env['cs.clock.notice'].create({'clock_id': clock.id, 'user_id': cls.accused.id, 'rung': 'breach'})
        cls.env['cs.complaint.link'].create(
            [
                {'case_id': cls.plain.id, 'other_id': cls.open_case.id, 'kind': 'split'},
                {'case_id': cls.open_case.id, 'other_id': cls.plain.id, 'kind': 'split'},
            ]
        )
        cls.env['cs.reception'].create(
            {
                'topic': MARK,
                'body': "Market Office",
                'case_id': case.id,
                'company_id': cls.company.id,
                'received_by_id': cls.accused.id,
            }
        )
        visit = cls.env['cs.reception'].search([('case_id', '=', case.id)])
        visit.message_post(body=MARK, subtype_xmlid='mail.mt_comment', partner_ids=cls.manager.partner_id.ids)
        visit.activity_schedule('mail.mail_activity_data_todo', user_id=cls.manager.id, summary=MARK)
        cls._revisits_of(case)
        cls._returns_of(case)
        cls._compensations_of(case)
        return cls._found()

    @classmethod
    def _revisits_of(cls, case):
        """One about the complaint and one that it followed from, both of somebody of the team."""
        vals = {
            'kind': 'manual',
            'company_id': cls.company.id,
            'partner_id': cls.customer.id,
            'sale_order_id': cls.order.id,
            'user_id': cls.accused.id,
            'opinion': MARK,
            'reason': MARK,
            'checked_note': MARK,
        }
        before = cls.env['cs.revisit'].create({**vals, 'user_id': cls.mates['specialist'].id})
        before.with_user(cls.mates['specialist']).action_done(satisfaction='dissatisfied')
        before.sudo().write({'followup_id': case.id, 'opinion': MARK})
        for revisit in before | cls.env['cs.revisit'].create({**vals, 'complaint_id': case.id}):
            leads = cls.manager if revisit.complaint_id else cls.supervisor
            acting = revisit.with_user(leads)
            if revisit.complaint_id:
                acting.action_log_attempt(outcome='busy', note=MARK)
            acting.message_post(
                body=MARK, subject=MARK, subtype_xmlid='mail.mt_comment', partner_ids=cls.manager.partner_id.ids
            )
            acting.activity_schedule('mail.mail_activity_data_todo', user_id=leads.id, summary=MARK)
            cls.env['rating.rating'].create(
                {
                    'res_model_id': cls.env['ir.model']._get_id(revisit._name),
                    'res_id': revisit.id,
                    'rating': 1,
                    'feedback': MARK,
                    'consumed': True,
                }
            )

    @classmethod
    def _returns_of(cls, case):
        """One that waits for its approval, drawn up by a teammate before it was known whom the complaint is about."""
        record = cls._return_for(
            cls.mates['specialist'],
            'to_approve',
            complaint_id=case.id,
            description=MARK,
            contract_ref=MARK,
            proof_ref=MARK,
        )
        record.line_ids.name = MARK
        record._clock_event('approval_asked')
        cls._talk_about(record)

    @classmethod
    def _compensations_of(cls, case):
        """One that waits for its approval, drawn up by a teammate before it was known whom the complaint is about."""
        record = cls._compensation_for(
            cls.mates['specialist'],
            'submitted',
            complaint_id=case.id,
            description=MARK,
            contract_ref=MARK,
            override_reason=MARK,
        )
        cls._talk_about(record)

    @classmethod
    def _talk_about(cls, record):
        record._pause(MARK, 'customer', fields.Datetime.add(fields.Datetime.now(), days=1))
        acting = record.with_user(cls.manager)
        acting.message_post(
            body=MARK, subject=MARK, subtype_xmlid='mail.mt_comment', partner_ids=cls.supervisor.partner_id.ids
        )
        acting.activity_schedule('mail.mail_activity_data_todo', user_id=cls.manager.id, summary=MARK)

    @classmethod
    def _found(cls):
        ids = cls.cases.ids
        found = {'cs.complaint': cls.cases, 'cs.reception': cls.rows('cs.reception', case_id=ids)}
        for model in ('contact', 'responsibility', 'step', 'escalation', 'identity', 'link'):
            found[f'cs.complaint.{model}'] = cls.rows(f'cs.complaint.{model}', case_id=ids)
        found['cs.complaint.link'] |= cls.rows('cs.complaint.link', other_id=ids)
        for model in ('cs.clock', 'cs.clock.pause', 'cs.clock.report', 'cs.complaint.report'):
            found[model] = cls.rows(model, complaint_id=ids)
        found['cs.return'] = returns = cls.rows('cs.return', complaint_id=ids)
        for model, name in (
            ('cs.return.line', 'case_id'),
            ('cs.return.verdict', 'return_id'),
            ('cs.return.step', 'case_id'),
            ('cs.approval', 'return_id'),
        ):
            found[model] = cls.rows(model, **{name: returns.ids})
        found['cs.compensation'] = money = cls.rows('cs.compensation', complaint_id=ids)
        found['cs.compensation.step'] = cls.rows('cs.compensation.step', case_id=money.ids)
        found['cs.approval'] |= cls.rows('cs.approval', compensation_id=money.ids)
        for model in ('cs.clock', 'cs.clock.pause'):
            found[model] |= cls.rows(model, return_id=returns.ids) | cls.rows(model, compensation_id=money.ids)
        found['cs.clock.notice'] = cls.rows('cs.clock.notice', clock_id=found['cs.clock'].ids)
        found |= cls.revisits_of(cls.rows('cs.revisit', complaint_id=ids) | cls.rows('cs.revisit', followup_id=ids))
        found |= cls.mail_of(
            found[model] for model in (CASE, 'cs.reception', 'cs.revisit', 'cs.return', 'cs.compensation')
        )
        found['mail.notification'] = cls.rows('mail.notification', mail_message_id=found['mail.message'].ids)
        return found

    def windows(self):
        """Dialogs filled with the hidden complaint: ``(model, values, context)``."""
        case, question = self.plain, self.records['cs.complaint.escalation'][0]
        on = {'active_model': CASE, 'active_id': case.id, 'active_ids': case.ids}
        yield 'cs.complaint.answer', {'complaint_id': case.id}, {}
        yield 'cs.complaint.assign', {'complaint_ids': [Command.set(case.ids)]}, on
        yield 'cs.complaint.words', {'method': 'action_reopen', 'complaint_ids': [Command.set(case.ids)]}, on
        yield 'cs.complaint.words', {'method': 'action_merge', 'target_id': case.id}, {}
        yield (
            'cs.complaint.words',
            {'method': 'action_answer', 'escalation_id': question.id},
            {'active_model': 'cs.complaint.escalation', 'active_id': question.id},
        )
        for revisit in self.records['cs.revisit']:
            on_revisit = {'active_model': 'cs.revisit', 'active_id': revisit.id, 'active_ids': revisit.ids}
            values = {'method': 'action_log_attempt', 'revisit_ids': [Command.set(revisit.ids)]}
            yield 'cs.revisit.words', values, on_revisit
            yield 'cs.revisit.words', values, {}
        for record in self.records['cs.return']:
            on_return = {'active_model': 'cs.return', 'active_id': record.id, 'active_ids': record.ids}
            yield 'cs.return.words', {'method': 'action_cancel', 'return_ids': [Command.set(record.ids)]}, on_return
            yield 'cs.return.words', {'method': 'action_cancel', 'return_ids': [Command.set(record.ids)]}, {}
            for line in record.sudo().line_ids[:1]:
                yield 'cs.return.words', {'method': 'action_differ', 'line_id': line.id}, {}
        for record in self.records['cs.compensation']:
            on_money = {'active_model': 'cs.compensation', 'active_id': record.id, 'active_ids': record.ids}
            yield (
                'cs.compensation.words',
                {'method': 'action_cancel', 'compensation_ids': [Command.set(record.ids)]},
                on_money,
            )
            yield (
                'cs.compensation.words',
                {'method': 'action_cancel', 'compensation_ids': [Command.set(record.ids)]},
                {},
            )
        yield (
            'cs.return.period',
            {'kind': False, 'company_id': self.company.id, 'date_from': '2020-01-01', 'date_to': '2099-01-01'},
            {},
        )
        for model, records in self.records.items():
            if model.startswith('cs.'):
                yield (
                    'mail.compose.message',
                    {'model': model, 'res_ids': str(records[:1].ids), 'composition_mode': 'comment'},
                    {},
                )
        yield 'mail.compose.message', {'model': CASE, 'res_ids': str(case.ids), 'composition_mode': 'mass_mail'}, {}
        message = self.records['mail.message'].filtered('subject')[0]
        yield (
            'mail.compose.message',
            {'parent_id': message.id, 'composition_mode': 'comment'},
            {'default_parent_id': message.id},
        )
        yield 'mail.activity.schedule', {'res_model': CASE, 'res_ids': str(case.ids)}, {**on, 'default_res_model': CASE}
        yield 'mail.followers.edit', {'res_model': CASE, 'res_ids': str(case.ids)}, {}
        yield 'sms.composer', {'res_model': CASE, 'res_id': case.id, 'composition_mode': 'comment'}, {}
        yield 'mail.template.preview', {'resource_ref': f'{CASE},{case.id}'}, {}
        yield 'sms.template.preview', {'resource_ref': f'{CASE},{case.id}'}, {}
        yield 'portal.share', {'res_model': CASE, 'res_id': case.id}, on
        yield 'payment.link.wizard', {'res_model': CASE, 'res_id': case.id}, on

    def fill(self, model, values, context):
        """What a dialog tells: its defaults, its onchange, and its own row read back."""
        spec = {
            name: {'fields': {'display_name': {}}} if field.relational else {}
            for name, field in self.env[model].with_user(self.actor).fields_get(attributes=['type']).items()
            for field in [self.env[model]._fields[name]]
            if name not in ('create_uid', 'write_uid')
        }
        answers = [self.quietly(model, 'default_get', list(spec), context=context)]
        answers.append(self.quietly(model, 'onchange', [], values, list(values), spec, context=context))
        answers.append(self.quietly(model, 'web_save', [], values, spec, context=context))
        return answers
