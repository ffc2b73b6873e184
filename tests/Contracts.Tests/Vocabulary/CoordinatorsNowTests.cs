using Shouldly;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Contracts.Tests.Vocabulary;

/// <summary>Who coordinates an organisation at a moment.</summary>
[Trait("Feature", "N9")]
public sealed class CoordinatorsNowTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Coordinator = Guid.CreateVersion7();
    private static readonly Guid Colleague = Guid.CreateVersion7();
    private static readonly Guid Deputy = Guid.CreateVersion7();

    [Fact]
    public void an_appointment_holds_from_its_first_instant_until_just_before_its_last()
    {
        var appointment = new Appointment(Coordinator, Now, Now.AddDays(1));
        appointment.IsInForce(Now.AddTicks(-1)).ShouldBeFalse();
        appointment.IsInForce(Now).ShouldBeTrue();
        appointment.IsInForce(Now.AddDays(1).AddTicks(-1)).ShouldBeTrue();
        appointment.IsInForce(Now.AddDays(1)).ShouldBeFalse();
        (appointment with { Until = null }).IsInForce(Now.AddYears(100)).ShouldBeTrue();
    }

    [Fact]
    public void the_clock_of_another_place_changes_nothing() =>
        new Appointment(Coordinator, Now.ToOffset(TimeSpan.FromHours(11)), Now.AddDays(1).ToOffset(TimeSpan.FromHours(-5))).IsInForce(Now).ShouldBeTrue();

    [Fact]
    public void who_was_removed_is_none() => new[] { new Appointment(Coordinator, null, null) }.IsAppointed(Coordinator, Now).ShouldBeFalse();

    [Fact]
    public void who_is_appointed_is_nobodys_deputy()
    {
        Appointment[] appointments = [new(Coordinator, Now.AddDays(-9), null), new(Colleague, Now.AddDays(-9), null)];
        Deputising[] deputies =
            [new(Coordinator, Colleague, Now.AddDays(-1), Now.AddDays(1)), new(
                Coordinator, Deputy, Now.AddDays(-1), Now.AddDays(1)), new(Colleague, Deputy, Now.AddDays(-1), Now.AddDays(1))];
        appointments.InThePlaceOf(deputies, Colleague, Now).ShouldBeEmpty();
        appointments.InThePlaceOf(deputies, Deputy, Now).ShouldBe([Coordinator, Colleague]);
        appointments.InThePlaceOf(deputies, Deputy, Now.AddDays(1)).ShouldBeEmpty();
        appointments.InThePlaceOf(deputies, Coordinator, Now).ShouldBeEmpty();
    }

    [Fact]
    public void a_deputy_is_one_for_as_long_as_the_coordinator_is_one()
    {
        Deputising[] deputies = [new(Coordinator, Deputy, Now.AddDays(-1), Now.AddDays(9))];
        new Appointment[] { new(Coordinator, Now.AddDays(-9), Now.AddDays(2)) }.InThePlaceOf(deputies, Deputy, Now.AddDays(2).AddTicks(-1))
            .ShouldBe([Coordinator]);
        new Appointment[] { new(Coordinator, Now.AddDays(-9), Now.AddDays(2)) }.InThePlaceOf(deputies, Deputy, Now.AddDays(2)).ShouldBeEmpty();
        Array.Empty<Appointment>().InThePlaceOf(deputies, Deputy, Now).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(-1, false)]
    public void a_period_continues_one_that_had_not_ended_before_it(int? endedAfter, bool continues) =>
        new Appointment(Coordinator, Now, null).Continues(new(Coordinator, Now.AddDays(-9), endedAfter is { } ticks ? Now.AddTicks(ticks) : null))
            .ShouldBe(continues);
}
