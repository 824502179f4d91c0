"""GDB-1.0 is the version that the system came with: in use from the start, until two of the method board say otherwise."""

from django.db import migrations

PUBLISHED = {
    "code": "GDB-1.0",
    "method_hash": "209f3c918c3d1791d558d8ad7dd78244b9f66feac80922e8f01caed86cd29d5e",
    "document_hash": "936e24a791b096e744c345969f0cfaa9b091e09e09d5b1d99ca258e25b7b2f98",
    "from_the_start": True,
}


def register(apps, schema_editor):
    apps.get_model("threat", "MethodVersion").objects.create(**PUBLISHED)


class Migration(migrations.Migration):
    dependencies = [("threat", "0004_method_versions")]
    operations = [migrations.RunPython(register, migrations.RunPython.noop)]
