using Shouldly;
using VolunteerBook.AppHost;
using VolunteerBook.AppHost.Operations;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>The order in which the master key is replaced, with two services that are broken off between any two steps.</summary>
public sealed class RotationRules
{
    private const int Steps = 8;

    private Secrets kept = new()
    {
        Postgres = "",
        RabbitMq = "",
        MasterKey = "first",
        PortalClient = "",
        ServicesClient = "",
        AnalystClient = "",
        OrganisationClient = "",
    };

    /// <summary>The key that each service's data are encrypted under.</summary>
    private readonly string[] keys = ["first", "first"];

    private int left;

    public static TheoryData<int> Places => [.. Enumerable.Range(0, Steps + 1)];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task wherever_replacing_the_master_key_is_broken_off_no_key_is_lost_and_the_next_run_goes_on_to_the_end(int steps)
    {
        left = steps;
        if (steps < Steps)
        {
            await Should.ThrowAsync<RefusedException>(RunAsync);
        }
        else
        {
            await RunAsync();
            left.ShouldBe(0);
        }

        var second = kept.PreviousMasterKey is null ? null : kept.MasterKey;
        left = int.MaxValue;
        await RunAsync();
        kept.PreviousMasterKey.ShouldBeNull();
        kept.MasterKey.ShouldNotBe("first");
        keys.ShouldAllBe(key => key == kept.MasterKey);
        // What was begun is ended, and no third key made.
        (second ?? kept.MasterKey).ShouldBe(kept.MasterKey);
    }

    private Task RunAsync() => Rotate.MasterAsync(kept, Keep, AllAsync);

    private void Keep(Secrets secrets)
    {
        Step();
        kept = secrets;
        NothingIsLost();
    }

    private Task AllAsync(string[] verb, string then)
    {
        for (var service = 0; service < keys.Length; service++)
        {
            Step();
            if (verb is ["keys", "rewrap"])
            {
                keys[service] = kept.MasterKey;
            }

            NothingIsLost();
        }

        return Task.CompletedTask;
    }

    private void Step()
    {
        if (left-- == 0)
        {
            throw new RefusedException("broken off");
        }
    }

    private void NothingIsLost() => keys.ShouldAllBe(key => key == kept.MasterKey || key == kept.PreviousMasterKey);
}
