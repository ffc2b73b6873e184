using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Shouldly;
using VolunteerBook.Portal.Store;
using VolunteerBook.Testing;

namespace VolunteerBook.Portal.Tests;

/// <summary>What the portal keeps: sessions with their tokens, and forms that were sent after one had ended.</summary>
public sealed class StoreTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task names_and_addresses_lie_only_where_the_documents_say()
    {
        var subject = Guid.NewGuid();
        var ticket = new AuthenticationTicket(
            new ClaimsPrincipal(new ClaimsIdentity([new("sub", subject.ToString()), new("name", "zoya.kept@example.org")], "test")), "test");
        ticket.Properties.StoreTokens([new AuthenticationToken { Name = "access_token", Value = "token-that-is-secret" }]);
        var sessions = ActivatorUtilities.GetServiceOrCreateInstance<TicketStore>(portal.Services);
        var key = await sessions.StoreAsync(ticket);
        await sessions.RenewAsync(key, ticket);

        var kept = new DefaultHttpContext();
        kept.Request.Path = "/registration";
        kept.Request.ContentLength = 100;
        kept.Connection.RemoteIpAddress = System.Net.IPAddress.Parse("198.51.100.77");
        kept.Request.Form = new FormCollection(new Dictionary<string, StringValues> { ["family"] = "Щукина", ["email"] = "zoya.kept@example.org" });
        (await portal.Services.GetRequiredService<KeptForms>().Keep(kept.Request)).ShouldContain("kept=");

        await PersonalDataTables.ShouldBeAsListedAsync(portal.Database, "Portal", "zoya.kept@example.org", "Щукина", "198.51.100.77", "token-that-is-secret");
        (await PersonalDataTables.HoldingAsync(portal.Database, subject.ToString())).ShouldBe(["public.sessions"]);
        (await sessions.RetrieveAsync(key))!.Principal.FindFirst("name")!.Value.ShouldBe("zoya.kept@example.org");
    }
}
