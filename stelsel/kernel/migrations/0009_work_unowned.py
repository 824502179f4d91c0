"""Work of an organisation, or of anybody in a role, is read by index in the order of the start page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0008_list_preference")]
    operations = [
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(
                fields=["owner_role", "owner_organisation", "due_at"],
                condition=models.Q(("closed_at", None), ("owner", None)),
                name="work_open_unowned",
            ),
        ),
    ]
