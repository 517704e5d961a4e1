{
    'name': "Customer Service Centre: SMS",
    'summary': "No SMS about a document of the service centre before it is decided",
    'version': '19.0.1.6.0',
    'category': 'Services/Customer Service',
    'author': "cs_center",
    'license': 'LGPL-3',
    'depends': ['cs_center', 'sms'],
    'auto_install': True,
}
