using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>Notifications of the whole system, through the gateway: as they come, and each once.</summary>
[Collection(StandingSystem.Shared)]
public sealed class NotificationTests(StandingSystem standing, PortalBrowser browser) : IClassFixture<PortalBrowser>
{
    private const string Stream = "/api/v1/notifications/stream";

    [Fact]
    public async Task whatever_is_killed_the_stream_tells_of_each_confirmation_once_to_who_comes_back_with_the_last_id()
    {
        var system = await standing.SystemAsync();
        using var nobody = new Api(system.Gateway);
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = await nobody.Person(AWorld.NextVolunteer()).WithANameAsync();
        using var http = new HttpClient { BaseAddress = system.Gateway, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await volunteer.TokenAsync(TestContext.Current.CancellationToken));
        string?[] victims = [null, "profiles", "ledger", "verification", "gateway", "vacancies", "reporting", "identity", "portal", "bus"];
        var entries = new List<Guid>();
        foreach (var day in Enumerable.Range(1, victims.Length))
        {
            entries.Add((await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: day))).Id);
            await world.Coordinator.CaseAsync(CaseIds.Of(entries[^1], 1));
        }

        var first = await EventStream.OpenAsync(http, Stream);
        var (begins, none) = await first.NextAsync("unread");
        none.GetProperty("unread").GetInt32().ShouldBe(0);
        var told = new List<Guid>();
        var listening = ListenAsync(http, first, begins, told, victims.Length);
        foreach (var (victim, entry) in victims.Zip(entries))
        {
            if (victim == "bus")
            {
                // Without a broker a confirmation is taken, and told when there is one again.
                await system.StopBrokerAsync();
                await world.Coordinator.ConfirmAsync(CaseIds.Of(entry, 1), world.Key);
                await system.StartBrokerAsync(TestContext.Current.CancellationToken);
                continue;
            }

            await world.Coordinator.ConfirmAsync(CaseIds.Of(entry, 1), world.Key);
            if (victim is not null)
            {
                // The confirmation is acknowledged, and on its way.
                await system.KillAsync(victim);
                await system.StartAsync(victim, TestContext.Current.CancellationToken);
            }
        }

        var last = await listening.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        told.Order().ShouldBe(entries.Order());
        await using (var again = await EventStream.OpenAsync(http, Stream, last))
        {
            // It would come before.
            (await again.NextAsync("unread")).Data.GetProperty("unread").GetInt32().ShouldBe(victims.Length);
        }

        var listed = await volunteer.AllAsync<JsonElement>("notifications").ToListAsync();
        listed.Select(one => one.GetProperty("about").GetGuid()).Order().ShouldBe(entries.Order());
    }

    [Fact]
    public async Task the_bell_of_an_open_page_tells_at_once_and_following_one_takes_it_off()
    {
        var system = await standing.SystemAsync();
        using var nobody = new Api(system.Gateway);
        using var world = await AWorld.MakeAsync(nobody);
        var anna = await nobody.Person(DemoAccounts.Anna).WithANameAsync();
        var entry = (await anna.PostAsync<EntryReceipt>("entries", world.AnEntry(day: 40))).Id;
        await world.Coordinator.CaseAsync(CaseIds.Of(entry, 1));
        var page = await browser.OpenAsAsync("anna", system.Gateway);
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/check");
        var before = (await anna.GetAsync<JsonElement>("notifications/unread")).GetProperty("unread").GetInt32();

        await world.Coordinator.ConfirmAsync(CaseIds.Of(entry, 1), world.Key);

        // Both windows, of which one has the stream.
        foreach (var window in new[] { page, other })
        {
            await window.Locator($".bell-count >> text=/^{before + 1}$/").WaitForAsync();
        }

        await page.ClickAsync(".bell");
        await page.Locator(".notifications .unread a").First.ClickAsync();
        await page.ArriveAsync($"**/book/{entry}");
        await Eventually.Is(async () => (await anna.GetAsync<JsonElement>("notifications/unread")).GetProperty("unread").GetInt32().ShouldBe(before));
        await page.GotoAsync("/notifications/settings");
        await page.ShouldBeAccessibleAsync();
        await page.SelectOptionAsync("[name=hour]", "21");
        await page.ClickAsync("text=Сохранить");
        await page.WaitToBeToldAsync("notifications-set");
        (await page.InputValueAsync("[name=hour]")).ShouldBe("21");
    }

    /// <summary>As a browser does: where the stream ends, it is opened again from the last event that was had.</summary>
    private static async Task<string> ListenAsync(HttpClient http, EventStream first, string last, List<Guid> told, int all)
    {
        EventStream? stream = first;
        while (told.Count < all)
        {
            try
            {
                stream ??= await EventStream.OpenAsync(http, Stream, last);
                var (id, data) = await stream.NextAsync("notification");
                last = id;
                told.Add(data.GetProperty("about").GetGuid());
            }
            catch (Exception gone) when (gone is ChannelClosedException or HttpRequestException or ShouldAssertException or IOException)
            {
                if (stream is not null)
                {
                    await stream.DisposeAsync();
                }

                stream = null;
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }

        await stream!.DisposeAsync();
        return last;
    }
}
