using System.Collections.Generic;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Unit.Console;

/// <summary>A teleporter that does what the test says, and notes what it was told.</summary>
internal sealed class FakeTeleporter : ITeleporter
{
    private MoveStatus status;

    public int Version { get; private set; }

    public MoveStatus Status
    {
        get => status;
        set
        {
            status = value;
            Version++;
        }
    }

    public List<MoveOrder> Orders { get; } = [];

    public int Cancelled { get; private set; }

    public int Ended { get; private set; }

    /// <summary>What is said against the next move or wait.</summary>
    public string? Refusal { get; set; }

    public List<string?> Codes { get; } = [];

    public Queue<string?> NextCodes { get; } = new(["0123-4567-89AB-CDEF", "1111-2222-3333-4444"]);

    public string? Begin(MoveOrder order, Instant now)
    {
        if (Refusal is null)
        {
            Orders.Add(order);
            Status = new MoveStatus { Phase = MovePhase.Connecting };
        }

        return Refusal;
    }

    public void Cancel()
    {
        Cancelled++;
        Status = new MoveStatus { Phase = MovePhase.Failed, Problem = "given up" };
    }

    public bool WouldOverwrite { get; set; }

    public bool MayOverwrite { get; set; }

    public string? StandBy(out string? code, Instant now)
    {
        code = null;
        if (Refusal is null)
        {
            code = NextCodes.Dequeue();
            Codes.Add(code);
            Status = new MoveStatus { Phase = MovePhase.StandingBy };
        }

        return Refusal;
    }

    public void EndStandBy()
    {
        Ended++;
        Status = new MoveStatus();
    }
}
