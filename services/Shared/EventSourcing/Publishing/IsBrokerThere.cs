namespace VolunteerBook.EventSourcing;

/// <summary>Whether the broker is there and takes and gives messages, as far as this instance knows.</summary>
internal delegate bool IsBrokerThere();
