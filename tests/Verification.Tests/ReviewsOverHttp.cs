using System.Net;
using System.Text.Json;
using Shouldly;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Delegations;
using VolunteerBook.Verification.Reviews;

namespace VolunteerBook.Verification.Tests;

/// <summary>Reviews, both ways (F14).</summary>
[Trait("Feature", "F14")]
public sealed class ReviewsOverHttp(VerificationHost host) : IClassFixture<VerificationHost>
{
    private HttpClient Anyone => host.Service.Client();

    private HttpClient Administrator => host.Service.Client(host.Authority.PersonToken(Guid.CreateVersion7(), "administrator"));

    private static async Task<(Guid Case, Guid Volunteer)> ConfirmedAsync(AnOrganisation organisation)
    {
        var volunteer = Guid.CreateVersion7();
        var id = await organisation.OpenCaseAsync(volunteer);
        await organisation.ConfirmAsync(id);
        return (id, volunteer);
    }

    private static async Task<Guid> GiveAsync(HttpClient author, Guid id, int rating, string text, bool recommendation = false) =>
        await (await author.PostJsonAsync($"/api/v1/cases/{id}/reviews", new GiveReview(rating, text, recommendation))).IdAsync();

    private async Task<JsonElement> PublicAsync(AnOrganisation organisation) => await Anyone.GetJsonAsync($"/api/v1/reviews?organisationId={organisation.Id}");

    private static Task<HttpResponseMessage> Post(HttpClient client, Guid review, string what, object? body, long version) =>
        client.PostJsonAsync($"/api/v1/reviews/{review}/{what}", body, version);

    [Fact]
    public async Task both_sides_review_each_other_once_after_a_confirmation()
    {
        using var organisation = new AnOrganisation(host);
        var (id, volunteer) = await ConfirmedAsync(organisation);
        var open = await organisation.OpenCaseAsync(volunteer);
        var of = await GiveAsync(host.Person(volunteer), id, 4, "Хорошо, но долго ждали инструмент");
        var about = await GiveAsync(organisation.Client, id, 5, "Надёжный человек", recommendation: true);

        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/cases/{id}/reviews", new GiveReview(1, "Ещё раз")))
            .ProblemAsync(HttpStatusCode.Conflict, "review-given-already");
        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/cases/{open}/reviews", new GiveReview(1, "Рано")))
            .ProblemAsync(HttpStatusCode.Conflict, "case-not-confirmed");
        await (await host.Person(Guid.CreateVersion7()).PostJsonAsync($"/api/v1/cases/{id}/reviews", new GiveReview(1, "Чужое")))
            .ProblemAsync(HttpStatusCode.NotFound);

        // Everyone reads what is said of the organisation, and not who said it.
        var list = await PublicAsync(organisation);
        (list.GetProperty("count").GetInt32(), list.GetProperty("average").GetDouble()).ShouldBe((1, 4));
        list.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetGuid().ShouldBe(of);
        list.GetRawText().ShouldNotContain(volunteer.ToString());
        // Both read both on the case; the volunteer in a list of one's own; the organisation in its own.
        foreach (var side in new[] { host.Person(volunteer), organisation.Client })
        {
            (await side.GetJsonAsync($"/api/v1/cases/{id}/reviews")).EnumerateArray().Select(review => review.GetProperty("id").GetGuid())
                .ShouldBe([of, about]);
        }

        (await host.Person(volunteer).IdsOfAllPagesAsync("/api/v1/reviews/mine?limit=1")).ShouldBe([about, of]);
        (await organisation.Client.IdsOfAllPagesAsync($"/api/v1/reviews/written?organisationId={organisation.Id}")).ShouldBe([about]);
        (await host.Person(volunteer).GetJsonAsync($"/api/v1/reviews/{about}")).GetProperty("recommendation").GetBoolean().ShouldBeTrue();
        foreach (var path in new[]
        {
            $"/api/v1/reviews/{about}",
            $"/api/v1/cases/{id}/reviews",
            $"/api/v1/reviews/{of}/history",
            $"/api/v1/reviews/written?organisationId={organisation.Id}",
        })
        {
            await (await host.Person(Guid.CreateVersion7()).GetResponseAsync(path)).ProblemAsync(HttpStatusCode.NotFound);
        }

        // Others learn that there is a review, not what it says.
        var services = host.Service.Client(host.Authority.MachineToken("services", "integration"));
        await Eventually.Is(async () =>
        {
            var told = (await services.PublishedAsync()).Single(
                message => message.GetProperty("type").GetString() == "ReviewGivenV1"
                    && message.GetProperty("data").GetProperty("reviewId").GetGuid() == of).GetProperty("data");
            (told.GetProperty("rating").GetInt32(), told.GetProperty("side").GetString(), told.TryGetProperty("text", out _)).ShouldBe((4, "volunteer", false));
        });
        var analyst = host.Service.Client(host.Authority.MachineToken("analyst", "events"));
        await Eventually.Is(async () =>
        {
            var feed = await analyst.GetStringAsync(
                new Uri($"/api/v1/events/verification?stream={of}", UriKind.Relative), TestContext.Current.CancellationToken);
            feed.ShouldContain("review_given");
            feed.ShouldNotContain("инструмент");
        });
    }

    [Fact]
    public async Task an_author_writes_it_anew_until_it_is_answered_and_history_keeps_every_version()
    {
        using var organisation = new AnOrganisation(host);
        var (id, volunteer) = await ConfirmedAsync(organisation);
        var review = await GiveAsync(host.Person(volunteer), id, 2, "Плохо");

        await (await Post(organisation.Client, review, "corrections", new ChangeReview("Отлично"), 1)).ProblemAsync(HttpStatusCode.NotFound);
        await (await Post(host.Person(volunteer), review, "corrections", new ChangeReview("Не очень"), 7))
            .ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        (await Post(host.Person(volunteer), review, "corrections", new ChangeReview("Не очень"), 1)).Version().ShouldBe(2);
        await (await Post(host.Person(volunteer), review, "answer", new AnswerReview("Сам"), 2)).ProblemAsync(HttpStatusCode.NotFound);
        (await Post(organisation.Client, review, "answer", new AnswerReview("Исправим"), 2)).Version().ShouldBe(3);
        await (await Post(organisation.Client, review, "answer", new AnswerReview("Ещё"), 3)).ProblemAsync(HttpStatusCode.Conflict, "review-answered");
        await (await Post(host.Person(volunteer), review, "corrections", new ChangeReview("Хорошо"), 3))
            .ProblemAsync(HttpStatusCode.Conflict, "review-answered");

        var shown = (await PublicAsync(organisation)).GetProperty("items")[0];
        (shown.GetProperty("text").GetString(), shown.GetProperty("answer").GetProperty("text").GetString()).ShouldBe(("Не очень", "Исправим"));
        (await host.Person(volunteer).GetJsonAsync($"/api/v1/reviews/{review}/history")).EnumerateArray()
            .Select(change => change.GetProperty("data").GetProperty("text").GetString()).ShouldBe(["Плохо", "Не очень", "Исправим"]);

        (await Post(host.Person(volunteer), review, "withdrawal", null, 3)).Version().ShouldBe(4);
        (await PublicAsync(organisation)).GetProperty("count").GetInt32().ShouldBe(0);
        (await PublicAsync(organisation)).GetProperty("average").ValueKind.ShouldBe(JsonValueKind.Null);
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}/reviews")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task a_reported_review_that_the_administrator_hides_is_seen_by_its_author_alone()
    {
        using var organisation = new AnOrganisation(host);
        var (id, volunteer) = await ConfirmedAsync(organisation);
        var review = await GiveAsync(host.Person(volunteer), id, 1, "Иванов грубил");
        var about = await GiveAsync(organisation.Client, id, 1, "Не пришёл");

        await (await Post(host.Person(volunteer), review, "report", new ReportReview("Своё"), 1)).ProblemAsync(HttpStatusCode.NotFound);
        await (await Post(host.Person(Guid.CreateVersion7()), about, "report", new ReportReview("Чужое"), 1)).ProblemAsync(HttpStatusCode.NotFound);
        await (await Post(Administrator, review, "settlement", new SettleReview(ReviewVerdict.Hide, "Рано"), 1))
            .ProblemAsync(HttpStatusCode.Conflict, "review-not-reported");
        (await Post(organisation.Client, review, "report", new ReportReview("Названа фамилия"), 1)).Version().ShouldBe(2);
        (await Post(host.Person(Guid.CreateVersion7()), review, "report", new ReportReview("Грубо"), 2)).Version().ShouldBe(3);

        await (await organisation.Client.GetResponseAsync("/api/v1/reviews/reported")).ShouldBeAsync(HttpStatusCode.Forbidden);
        await (await Post(organisation.Client, review, "settlement", new SettleReview(ReviewVerdict.Hide, "Сам"), 3)).ShouldBeAsync(HttpStatusCode.Forbidden);
        var reported = (await Administrator.GetJsonAsync("/api/v1/reviews/reported"))
            .GetProperty("items").EnumerateArray().Single(item => item.GetProperty("id").GetGuid() == review);
        reported.GetProperty("reports").EnumerateArray().Select(report => report.GetProperty("reason").GetString()).ShouldBe(["Названа фамилия", "Грубо"]);
        (await Post(Administrator, review, "settlement", new SettleReview(ReviewVerdict.Hide, "Личные данные"), 3)).Version().ShouldBe(4);

        (await Administrator.IdsOfAllPagesAsync("/api/v1/reviews/reported?limit=1")).ShouldNotContain(review);
        (await PublicAsync(organisation)).GetProperty("count").GetInt32().ShouldBe(0);
        await (await organisation.Client.GetResponseAsync($"/api/v1/reviews/{review}")).ProblemAsync(HttpStatusCode.NotFound);
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}/reviews")).EnumerateArray().Select(item => item.GetProperty("id").GetGuid())
            .ShouldBe([about]);
        var own = await host.Person(volunteer).GetJsonAsync($"/api/v1/reviews/{review}");
        (own.GetProperty("hidden").GetBoolean(), own.GetProperty("hiddenReason").GetString()).ShouldBe((true, "Личные данные"));
        // Who reported it the author does not learn, the administrator does.
        (await host.Person(volunteer).GetJsonAsync($"/api/v1/reviews/{review}/history")).EnumerateArray()
            .ShouldNotContain(change => change.GetProperty("type").GetString() == "review_reported");
        (await Administrator.GetJsonAsync($"/api/v1/reviews/{review}/history"))
            .EnumerateArray().Count(change => change.GetProperty("type").GetString() == "review_reported").ShouldBe(2);

        (await Post(Administrator, review, "settlement", new SettleReview(ReviewVerdict.Keep, "Ошиблись"), 4)).Version().ShouldBe(5);
        (await PublicAsync(organisation)).GetProperty("count").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task a_revoked_confirmation_marks_the_reviews_and_leaves_them()
    {
        using var organisation = new AnOrganisation(host);
        var (id, volunteer) = await ConfirmedAsync(organisation);
        await GiveAsync(host.Person(volunteer), id, 5, "Хорошо");
        await GiveAsync(organisation.Client, id, 5, "Хорошо");

        await (await organisation.RevokeAsync(id, 2, "ошибка")).ShouldBeAsync(HttpStatusCode.NoContent);

        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}/reviews"))
            .EnumerateArray().Select(review => review.GetProperty("confirmationRevoked").GetBoolean()).ShouldBe([true, true]);
        (await PublicAsync(organisation)).GetProperty("items")[0].GetProperty("confirmationRevoked").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task a_deputy_and_a_coordinator_of_ones_own_work_write_no_review()
    {
        using var organisation = new AnOrganisation(host);
        var (id, _) = await ConfirmedAsync(organisation);
        var deputy = Guid.CreateVersion7();
        await (await organisation.Client.PostJsonAsync("/api/v1/delegations", new DelegateQueue(organisation.Id, deputy, DateTimeOffset.UtcNow.AddDays(7))))
            .ShouldBeAsync(HttpStatusCode.Created);
        await (await host.Person(deputy).PostJsonAsync($"/api/v1/cases/{id}/reviews", new GiveReview(5, "Хорошо")))
            .ProblemAsync(HttpStatusCode.Forbidden, "not-for-deputies");

        var own = await organisation.OpenCaseAsync(organisation.Coordinator);
        await organisation.ConfirmAsync(own, by: host.Person(await organisation.AppointAsync()));
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{own}/reviews", new GiveReview(5, "Хорошо")))
            .ProblemAsync(HttpStatusCode.Conflict, "review-of-oneself");
    }
}
