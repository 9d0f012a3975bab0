"""The clinical profile: what must be known of a body before anything is asked of it."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from rehab.actions.profile import record_profile
from rehab.api.asking import SignedIn, seeing
from rehab.api.forms import Form
from rehab.domain.content_fit import KIDNEY, SEVERITIES
from rehab.models.profile import Answer
from rehab.models.reads.profile import profile_in_force


class ProfileConditionIn(Form):
    """limbs: left_arm, right_leg …; empty when it is anywhere or everywhere."""

    code = serializers.CharField(max_length=60)
    since = serializers.DateField(required=False, allow_null=True)
    limbs = serializers.ListField(child=serializers.CharField(max_length=20), required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class BarredExercise(Form):
    exercise = serializers.CharField(max_length=100)
    reason = serializers.CharField(max_length=1000)


class Taught(Form):
    """Shown to … by … on …: needed for neck motions, and for the shoulder above 90 degrees."""

    motion = serializers.CharField(max_length=60)
    to = serializers.CharField(max_length=200)
    by = serializers.CharField(max_length=200)
    on = serializers.DateField()


class AllergyIn(Form):
    """A class of allergen or a food by its code, or what was said in words."""

    code = serializers.CharField(required=False, allow_blank=True, max_length=120)
    text = serializers.CharField(required=False, allow_blank=True, max_length=200)
    severity = serializers.ChoiceField(SEVERITIES, required=False)


class DrugIn(Form):
    """A drug, herb or supplement by its code, or what was said in words."""

    code = serializers.CharField(required=False, allow_blank=True, max_length=120)
    text = serializers.CharField(required=False, allow_blank=True, max_length=200)
    note = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class ProfileIn(Form):
    """What is left out stays as it was. Unknown is a value, and never read as "no"."""

    conditions = ProfileConditionIn(many=True, required=False)
    spinal_cord_injury = serializers.ChoiceField(Answer.choices, required=False)
    injury_level = serializers.CharField(
        required=False, max_length=6, help_text="C1 … S5 or unknown."
    )
    answers = serializers.DictField(
        child=serializers.ChoiceField(Answer.choices), required=False, help_text="By question code."
    )
    innervation = serializers.DictField(
        child=serializers.CharField(),
        required=False,
        help_text="Muscle code: intact, partial, denervated or unknown.",
    )
    allergies_known = serializers.ChoiceField(Answer.choices, required=False)
    allergies = AllergyIn(many=True, required=False)
    swallowing_food = serializers.IntegerField(required=False, allow_null=True)
    swallowing_drink = serializers.IntegerField(required=False, allow_null=True)
    mixed_textures = serializers.ChoiceField(
        Answer.choices,
        required=False,
        help_text="May thin liquid with pieces be eaten below level 7?",
    )
    kidney = serializers.ChoiceField(KIDNEY, required=False)
    drugs_known = serializers.ChoiceField(Answer.choices, required=False)
    drugs = DrugIn(many=True, required=False)
    baselines = serializers.DictField(
        child=serializers.FloatField(allow_null=True),
        required=False,
        help_text="Personal values that rules compare with: systolic_mmhg …",
    )
    barred = BarredExercise(many=True, required=False)
    insensate = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        help_text="Regions, joints or muscles without feeling.",
    )
    taught = Taught(many=True, required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class ProfileConditionOut(serializers.Serializer):
    code = serializers.CharField()
    since = serializers.DateField(required=False, allow_null=True)
    limbs = serializers.ListField(child=serializers.CharField(), required=False)
    note = serializers.CharField(required=False, allow_blank=True)


class AllergyOut(serializers.Serializer):
    code = serializers.CharField(required=False, allow_blank=True)
    text = serializers.CharField(required=False, allow_blank=True)
    severity = serializers.CharField(required=False)


class DrugOut(serializers.Serializer):
    code = serializers.CharField(required=False, allow_blank=True)
    text = serializers.CharField(required=False, allow_blank=True)
    note = serializers.CharField(required=False, allow_blank=True)


class ProfileOut(serializers.Serializer):
    """number: the revision in force; 0 before anything was recorded, and then all is unknown."""

    number = serializers.IntegerField()
    recorded_at = serializers.DateTimeField(allow_null=True)
    recorded_by = serializers.CharField(source="recorded_by.name", default=None, allow_null=True)
    conditions = ProfileConditionOut(many=True)
    spinal_cord_injury = serializers.ChoiceField(Answer.choices)
    injury_level = serializers.CharField()
    answers = serializers.DictField(child=serializers.ChoiceField(Answer.choices))
    innervation = serializers.DictField(child=serializers.CharField())
    allergies_known = serializers.ChoiceField(Answer.choices)
    allergies = AllergyOut(many=True)
    swallowing_food = serializers.IntegerField(allow_null=True)
    swallowing_drink = serializers.IntegerField(allow_null=True)
    mixed_textures = serializers.ChoiceField(Answer.choices)
    kidney = serializers.CharField()
    drugs_known = serializers.ChoiceField(Answer.choices)
    drugs = DrugOut(many=True)
    baselines = serializers.DictField(child=serializers.FloatField(allow_null=True))
    barred = BarredExercise(many=True)
    insensate = serializers.ListField(child=serializers.CharField())
    taught = Taught(many=True)
    note = serializers.CharField(allow_blank=True)


class ProfileView(APIView):
    @extend_schema(operation_id="profile", responses=ProfileOut, tags=["patients"])
    def get(self, request: SignedIn, patient_id: UUID) -> Response:
        """The revision in force (scope `see_conditions`)."""
        at = timezone.now()
        with seeing(request, patient_id, at=at, kind="profile", scope="see_conditions"):
            return Response(ProfileOut(profile_in_force(patient_id)).data)

    @extend_schema(
        operation_id="record_profile", request=ProfileIn, responses=ProfileOut, tags=["patients"]
    )
    def patch(self, request: SignedIn, patient_id: UUID) -> Response:
        """Record a new revision, as a clinician of this patient; the earlier one stays."""
        form = ProfileIn(data=request.data)
        form.is_valid(raise_exception=True)
        profile = record_profile(
            by=request.user,
            at=timezone.now(),
            patient_id=patient_id,
            changes=_as_json(form.data, form.validated_data),
        )
        return Response(ProfileOut(profile).data)


def _as_json(rendered: dict, given: dict) -> dict:
    """Return the given fields as they are kept: dates as text inside lists."""
    return {name: rendered[name] for name in given}
