{
    'name': "Customer Service Centre: Inventory",
    'summary': "A warehouse for each mall, and the day of delivery from the transfers",
    'version': '19.0.1.6.0',
    'category': 'Services/Customer Service',
    'author': "cs_center",
    'license': 'LGPL-3',
    'depends': ['cs_center', 'sale_stock'],
    'data': ['security/ir.model.access.csv', 'security/cs_center_stock_rules.xml', 'data/res_company_data.xml'],
    'auto_install': True,
}
