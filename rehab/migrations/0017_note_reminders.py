"""People at home are told that there is a note."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rehab', '0016_light_queue'),
    ]

    operations = [
        migrations.AddField(
            model_name='reminder',
            name='note_id',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('training', 'Training'), ('care', 'Care'), ('alert', 'Alert'), ('note', 'Note')], max_length=10),
        ),
    ]
