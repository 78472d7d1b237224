using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace HaukiOS.Host.Emulator;

/// <summary>Something that QEMU said by itself on its control socket.</summary>
/// <param name="Name">QEMU's word for it: <c>STOP</c>, <c>RESUME</c>.</param>
/// <param name="Microseconds">When, by the clock of the computer it runs on, since 1970.</param>
public sealed record QmpEvent(string Name, long Microseconds)
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>Reads an event's message.</summary>
    /// <exception cref="EmulatorException">It has no name or no time.</exception>
    public static QmpEvent Parse(JsonNode message)
    {
        var time = message["timestamp"];
        return message["event"] is { } name && time?["seconds"] is { } whole && time["microseconds"] is { } part
            ? new QmpEvent(
                name.GetValue<string>(), (whole.GetValue<long>() * MicrosecondsPerSecond) + part.GetValue<long>())
            : throw new EmulatorException($"QEMU said '{message.ToJsonString()}', which is no event.");
    }

    /// <summary>The latest event of a name.</summary>
    /// <exception cref="EmulatorException">There was none.</exception>
    public static QmpEvent Latest(IEnumerable<QmpEvent> events, string name) =>
        events.LastOrDefault(said => said.Name == name)
            ?? throw new EmulatorException($"QEMU has not said {name}.");
}
