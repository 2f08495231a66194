from __future__ import annotations

import json

from local_aws import LocalAws, output, ref, resource


def test_the_ref_of_a_secret_is_its_arn(aws: LocalAws) -> None:
    generated = {"GenerateStringKey": "password", "SecretStringTemplate": '{"user": "u"}'}
    properties = {"GenerateSecretString": generated, "Description": "one"}
    template = {"Secret": resource("AWS::SecretsManager::Secret", properties)}
    stack = aws.stack(template, Outputs={"Ref": output(ref("Secret"))}).succeeded()
    arn = stack.outputs["Ref"]
    assert arn.split(":")[5:6] == ["secret"]
    secrets = aws.client("secretsmanager")
    value = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
    assert value["user"] == "u"
    assert len(value["password"]) == 32

    properties["Description"] = "two"
    stack.update(template, Outputs={"Ref": output(ref("Secret"))}).succeeded()
    assert stack.outputs["Ref"] == arn
    assert secrets.describe_secret(SecretId=arn)["Description"] == "two"
    assert json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"]) == value

    properties["Name"] = "named"
    stack.update(template, Outputs={"Ref": output(ref("Secret"))}).succeeded()
    assert ":secret:named-" in stack.outputs["Ref"]
    names = [s["Name"] for s in secrets.list_secrets()["SecretList"]]
    assert names.count("named") == 1
    assert not [name for name in names if name.startswith(stack.name)]
    stack.delete()
    assert "named" not in [s["Name"] for s in secrets.list_secrets()["SecretList"]]


def test_a_reference_by_its_ref_resolves_and_shows_no_drift(aws: LocalAws) -> None:
    properties = {"SecretString": '{"user": "u"}', "Description": "one"}
    parts = ["{{resolve:secretsmanager:", ref("Secret"), ":SecretString:user::}}"]
    reference = {"Fn::Join": ["", parts]}
    template = {
        "Secret": resource("AWS::SecretsManager::Secret", properties),
        "Value": resource("AWS::SSM::Parameter", {"Type": "String", "Value": reference}),
    }
    stack = aws.stack(template).succeeded()
    value = aws.client("ssm").get_parameter(Name=stack.id("Value"))["Parameter"]["Value"]
    assert value == "u"
    cfn = aws.client("cloudformation")
    drift = cfn.detect_stack_resource_drift(StackName=stack.name, LogicalResourceId="Secret")
    assert drift["StackResourceDrift"]["StackResourceDriftStatus"] == "IN_SYNC"
    aws.client("secretsmanager").update_secret(SecretId=stack.id("Secret"), Description="two")
    drift = cfn.detect_stack_resource_drift(StackName=stack.name, LogicalResourceId="Secret")
    assert drift["StackResourceDrift"]["StackResourceDriftStatus"] == "MODIFIED"
    stack.delete()


def test_a_generated_value_is_of_the_characters_that_were_asked_for(aws: LocalAws) -> None:
    def value(**generated: object) -> str:
        properties = {"GenerateSecretString": generated}
        stack = aws.stack({"Secret": resource("AWS::SecretsManager::Secret", properties)})
        stack.succeeded()
        found = aws.client("secretsmanager").get_secret_value(SecretId=stack.id("Secret"))
        stack.delete()
        return str(found["SecretString"])

    plain = value(ExcludePunctuation="true", PasswordLength=400)
    assert len(plain) == 400
    assert plain.isalnum()
    digits = value(
        ExcludeLowercase=True, ExcludeUppercase=True, ExcludePunctuation=True, PasswordLength=64
    )
    assert digits.isdigit()
    assert not set("/@") & set(value(ExcludeCharacters="/@", PasswordLength=2000))


def test_a_value_of_no_characters_is_refused(aws: LocalAws) -> None:
    generated = {
        "ExcludeLowercase": True,
        "ExcludeNumbers": True,
        "ExcludePunctuation": True,
        "ExcludeUppercase": True,
    }
    properties = {"GenerateSecretString": generated}
    stack = aws.stack({"Secret": resource("AWS::SecretsManager::Secret", properties)})
    assert "No characters available" in stack.failures()[0]
    stack.delete()
