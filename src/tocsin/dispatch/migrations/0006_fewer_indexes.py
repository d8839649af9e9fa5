from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0005_mailers"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="delivery",
            name="deliveries_leased",
        ),
    ]
