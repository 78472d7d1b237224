using System.CommandLine;
using HaukiOS.Host.Teleport;

namespace HaukiOS.Host.Commands;

/// <summary>How QEMU is to migrate, as two commands let it be said.</summary>
internal static class QemuOptions
{
    /// <summary>Reads the options.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="bandwidth">Mbit/s.</param>
    /// <param name="downtime">Milliseconds.</param>
    /// <exception cref="UserErrorException">A number is none that can be meant.</exception>
    public static QemuMigration Read(ParseResult parsed, Option<int?> bandwidth, Option<int?> downtime) => new()
    {
        BandwidthMax = AtLeastOne(parsed, bandwidth) * 1_000_000L / 8,
        DowntimeLimitMs = AtLeastOne(parsed, downtime),
    };

    /// <summary>Without QEMU these options would mean nothing.</summary>
    /// <exception cref="UserErrorException">One of them was used.</exception>
    public static void Refuse(ParseResult parsed, params Option<int?>[] options)
    {
        foreach (var option in options)
        {
            if (parsed.GetValue(option) is not null)
            {
                throw new UserErrorException($"{option.Name} goes with --qemu.");
            }
        }
    }

    private static int? AtLeastOne(ParseResult parsed, Option<int?> option) => parsed.GetValue(option) is not < 1
        ? parsed.GetValue(option)
        : throw new UserErrorException($"{option.Name} is 1 or more.");
}
