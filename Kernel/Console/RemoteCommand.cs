using System.Collections.Generic;
using HaukiOS.Lock;
using HaukiOS.Store;
using HaukiOS.Swarm;

namespace HaukiOS.Console;

/// <summary><c>remote</c>: whether the lock can be answered over the network, and who has done so.</summary>
internal static class RemoteCommand
{
    /// <summary>One line for <c>help</c>.</summary>
    public const string Help = "remote [on|off]      network unlock, and who has used it; 'remote forget' forgets them";

    /// <summary>Does what the word says; without one, shows how things are.</summary>
    public static void Run(ConsoleContext context, string word)
    {
        BootSettings boot = context.Node.Boot;
        if (boot.Record is not BootRecord record)
        {
            context.Output.WriteLine("remote: there is no boot record; enrolment, or the next unlocking, makes one");
            return;
        }

        switch (word)
        {
            case "":
                Show(context, record);
                break;
            case "on" or "off":
                bool before = record.AllowsNetworkUnlock;
                record.AllowsNetworkUnlock = word == "on";
                if (!Save(context, record))
                {
                    record.AllowsNetworkUnlock = before;
                }

                break;
            case "forget":
                Forget(context, record);
                break;
            default:
                context.Output.WriteLine("remote: say on, off, forget, or nothing");
                break;
        }
    }

    private static void Forget(ConsoleContext context, BootRecord record)
    {
        List<byte[]> known = [.. record.Operators];
        record.Operators.Clear();
        if (!Save(context, record))
        {
            record.Operators.AddRange(known);
        }

        StoreError? error = context.Store is null ? null : TrustedOperators.Forget(context.Store);
        if (error is not null)
        {
            context.Announce("remote: " + error.Message);
        }
    }

    private static void Show(ConsoleContext context, BootRecord record)
    {
        string place = context.Node.Place is string reachable ? $" at {reachable}" : string.Empty;
        context.Output.WriteLine("network unlock is " + (record.AllowsNetworkUnlock ? $"on{place}" : "off"));
        context.Output.WriteLine($"boot key: {context.Node.Boot.Fingerprint}");
        foreach (byte[] key in record.Operators)
        {
            context.Output.WriteLine($"known operator: {Fingerprint.Of(key)}");
        }
    }

    private static bool Save(ConsoleContext context, BootRecord record)
    {
        StoreError? error = context.Node.Boot.Save(record);
        if (error is not null)
        {
            context.Announce("remote: " + error.Message);
        }

        return error is null;
    }
}
