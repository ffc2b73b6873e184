using Shouldly;

namespace VolunteerBook.ServiceDefaults.Tests;

/// <summary>What leaves a process as telemetry gives nobody a right.</summary>
public sealed class BearersTests
{
    const string Token = "Zm9vYmFyYmF6cXV4-_Zm9vYmFyYmF6cXV4Zm9vYmFyYm";

    [Theory]
    [InlineData("/shared/" + Token, "/shared/***")]
    [InlineData("/shared/" + Token + "/file", "/shared/***/file")]
    [InlineData("https://book.example/api/v1/shared-extracts/" + Token + "?language=ru", "https://book.example/api/v1/shared-extracts/***?language=***")]
    [InlineData("?code=abc&state=def", "?code=***&state=***")]
    [InlineData("GET /signin-oidc?code=abc - 302", "GET /signin-oidc?code=*** - 302")]
    [InlineData("Bearer eyJhbGciOiJSUzI1NiJ9." + Token + "." + Token, "Bearer eyJhbGciOiJSUzI1NiJ9.***.***")]
    [InlineData("/api/v1/entries/019ac0de-5a5a-7000-8000-000000000001", "/api/v1/entries/019ac0de-5a5a-7000-8000-000000000001")]
    [InlineData("handle EntryConfirmedV1", "handle EntryConfirmedV1")]
    public void a_bearers_secret_is_hidden_and_the_rest_is_not(string text, string shown) => Bearers.Hide(text).ShouldBe(shown);
}
