using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;
using Shouldly;
using VolunteerBook.Ledger.Issuer;

namespace VolunteerBook.Ledger.Tests;

public sealed class IssuerKeyRules
{
    [Theory]
    [InlineData("Production", "", "Issuer:Documents, Issuer:Credentials, Issuer:Root")]
    [InlineData("Production", "Documents", "Issuer:Credentials, Issuer:Root")]
    [InlineData("Production", "Credentials Root", "Issuer:Documents")]
    [InlineData("Staging", "Documents Credentials", "Issuer:Root")]
    [InlineData("Development", "Documents Root", "Issuer:Credentials")]
    [InlineData("Development", "Credentials Root", "Issuer:Documents")]
    [InlineData("Production", "Documents Credentials Root", null)]
    [InlineData("Development", "", null)]
    public void what_is_missing_of_the_keys_is_named_before_anything_is_served(string environment, string given, string? missing)
    {
        var issuer = new IssuerKeys(
            new ConfigurationBuilder().AddInMemoryCollection(given.Split(' ').Select(name => KeyValuePair.Create($"Issuer:{name}", (string?)"file"))).Build(),
            new HostingEnvironment { EnvironmentName = environment }, null!, null!, TimeProvider.System, null!);
        if (missing is null)
        {
            issuer.Require();
        }
        else
        {
            Should.Throw<InvalidOperationException>(issuer.Require).Message.ShouldContain($"Not set: {missing}.");
        }
    }
}
