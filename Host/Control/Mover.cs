using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Host.Unlock;
using HaukiOS.Swarm;

namespace HaukiOS.Host.Control;

/// <summary>How <c>hauki migrate</c> ended. The numbers are its exit codes.</summary>
public enum MoveOutcome
{
    /// <summary>The node runs on the other machine.</summary>
    Moved = 0,

    /// <summary>The node goes on where it is.</summary>
    Failed = 1,

    /// <summary>The command was used wrongly, or the node is not pinned.</summary>
    Usage = 2,

    /// <summary>The node could not be reached, or does not speak the protocol.</summary>
    Unreachable = 3,

    /// <summary>The node is not the one that was pinned. Nothing was said to it.</summary>
    WrongNode = 5,

    /// <summary>The order was given, and then nothing was heard from the node any more.</summary>
    Lost = 6,
}

/// <summary>
/// Tells a running node to move, and watches it. The connection moves with the node; if it breaks all the same, the
/// node is asked again at its address, which moves, too.
/// </summary>
public sealed class Mover
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AgainPause = TimeSpan.FromMilliseconds(500);

    private readonly NodeAddress node;
    private readonly KnownNodes known;
    private readonly KeyPair operatorKey;
    private readonly Func<Stream> connect;
    private readonly Action<MoveStatus> report;
    private bool isCancelSent;

    /// <summary>A move that was not ordered yet.</summary>
    /// <param name="node">The node.</param>
    /// <param name="known">The pins.</param>
    /// <param name="operatorKey">Who the operator is.</param>
    /// <param name="connect">Opens a connection to the node's control port; throws an exception of a stream.</param>
    /// <param name="report">Is told how far the move has come.</param>
    public Mover(
        NodeAddress node, KnownNodes known, KeyPair operatorKey, Func<Stream> connect, Action<MoveStatus> report)
    {
        this.node = node;
        this.known = known;
        this.operatorKey = operatorKey;
        this.connect = connect;
        this.report = report;
    }

    /// <summary>The fingerprint that the operator has read at the node's console; null to rely on the pin.</summary>
    public Fingerprint? Given { get; init; }

    /// <summary>Does the operator want the move given up?</summary>
    public Func<bool> IsCancelled { get; init; } = static () => false;

    /// <summary>How long a silent node is waited for and asked again.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Lets time pass.</summary>
    public Action<TimeSpan> Wait { get; init; } = static time => System.Threading.Thread.Sleep(time);

    /// <summary>What went wrong, in a sentence.</summary>
    public string? Problem { get; private set; }

    /// <summary>How far it came.</summary>
    public MoveStatus Last { get; private set; }

    /// <summary>Does it all.</summary>
    public MoveOutcome Run(MoveOrder order)
    {
        var request = new ControlRequest { Kind = ControlRequestKind.Migrate, Order = order };
        var wasHeard = Stopwatch.StartNew();
        for (var isOrdered = false; ; isOrdered = true)
        {
            try
            {
                if (Follow(request, wasHeard) is MoveOutcome outcome)
                {
                    return outcome;
                }
            }
            catch (Exception problem) when (problem is UnlockException or IOException)
            {
                Problem = problem.Message;
                if (problem is UnlockException { Outcome: UnlockOutcome.WrongNode })
                {
                    return MoveOutcome.WrongNode;
                }

                if (problem is UnlockException { Outcome: UnlockOutcome.Usage })
                {
                    return MoveOutcome.Usage;
                }

                if (!isOrdered && Last.Phase == MovePhase.Idle)
                {
                    return MoveOutcome.Unreachable;
                }
            }

            if (wasHeard.Elapsed > Patience)
            {
                return MoveOutcome.Lost;
            }

            request = new ControlRequest { Kind = ControlRequestKind.Watch };
            Wait(AgainPause);
        }
    }

    // Null: nothing is heard on this connection any more.
    private MoveOutcome? Follow(ControlRequest request, Stopwatch wasHeard)
    {
        using var stream = connect();
        using var client = new ControlClient(stream, operatorKey);
        Recognise(client.Meet());
        client.Accept(request);
        while (wasHeard.Elapsed <= Patience)
        {
            if (IsCancelled() && !isCancelSent)
            {
                isCancelSent = true;
                client.Send(new ControlRequest { Kind = ControlRequestKind.Cancel });
            }

            if (client.Receive(Look) is not ControlReply reply)
            {
                continue;
            }

            wasHeard.Restart();
            if (reply.Refusal is not null)
            {
                Problem = reply.Refusal;
                return MoveOutcome.Failed;
            }

            Last = reply.Status;
            report(Last);
            if (Last.Phase is MovePhase.Landed or MovePhase.Failed or MovePhase.Idle)
            {
                client.Close();
                Problem = Last.Problem;
                return Last.Phase == MovePhase.Landed ? MoveOutcome.Moved : MoveOutcome.Failed;
            }
        }

        return null;
    }

    private void Recognise(Fingerprint shown)
    {
        var pinned = known.FindAll(node.Host);
        if (Given is not null ? Given.Equals(shown) : pinned.Contains(shown))
        {
            return;
        }

        if (Given is null && pinned.Count == 0)
        {
            throw new UnlockException(
                UnlockOutcome.Usage,
                $"{node.Host} is not known; only who has unlocked it can move it: 'hauki unlock {node.Host}' first");
        }

        throw new UnlockException(
            UnlockOutcome.WrongNode,
            $"{node} has the key {shown}, which is not the pinned one. Nothing was said to it.");
    }
}
