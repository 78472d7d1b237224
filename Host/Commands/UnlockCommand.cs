using System;
using System.CommandLine;
using System.IO;
using System.Net.Sockets;
using HaukiOS.Host.Unlock;
using HaukiOS.Swarm;

namespace HaukiOS.Host.Commands;

/// <summary><c>hauki unlock</c>: answers the questions of a node over the network.</summary>
internal static class UnlockCommand
{
    private const int ConnectMilliseconds = 5_000;
    private const int SendMilliseconds = 5_000;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var address = new Argument<string>("ADDRESS")
        {
            Description = "The node: ADDRESS or ADDRESS:PORT. Its console shows it.",
        };
        var fingerprint = new Option<string?>("--fingerprint")
        {
            Description = "The node's boot key as its console shows it; needed once, then it is pinned.",
        };
        var known = new Option<string>("--known")
        {
            Description = "The file of pinned nodes.",
            DefaultValueFactory = _ => KnownNodes.DefaultFile,
        };
        var key = new Option<string>("--key")
        {
            Description = "The file of the operator's own key; made when it is not there.",
            DefaultValueFactory = _ => OperatorKey.DefaultFile,
        };
        var wait = new Option<int>("--wait")
        {
            Description = "Seconds to wait at most when the node takes no answers for a while.",
            DefaultValueFactory = _ => 60,
        };
        var command = new Command(
            "unlock",
            "Answers a node's questions over the network. Without a terminal the answers are read from the standard "
            + "input, one a line, in the order of enrolment. Ends with 0 unlocked, 1 refused, 2 not pinned or wrong "
            + "usage, 3 unreachable, 4 busy, 5 the node is not the pinned one, "
            + "6 the answers were sent but no verdict came.")
        {
            address, fingerprint, known, key, wait,
        };
        command.SetAction(parsed => Unlock(
            NodeAddress.Parse(parsed.GetValue(address)!),
            ReadFingerprint(parsed.GetValue(fingerprint)),
            KnownNodes.Load(parsed.GetValue(known)!),
            parsed.GetValue(key)!,
            TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(wait), 0, 86_400))));
        return command;
    }

    private static int Unlock(
        NodeAddress node, Fingerprint? given, KnownNodes known, string keyFile, TimeSpan patience)
    {
        using var operatorKey = OperatorKey.LoadOrMake(keyFile);
        var person = new TerminalOperator();
        const string hint = "is network unlock on, and the store locked?";
        var unlocker = new Unlocker(node, known, operatorKey, person, () => Connect(node, hint))
        {
            Given = given,
            DelayPatience = patience,
        };
        try
        {
            return (int)unlocker.Run();
        }
        catch (UnlockException problem)
        {
            person.EndProgress();
            System.Console.Error.WriteLine($"hauki: {problem.Message}");
            return (int)problem.Outcome;
        }
    }

    /// <summary>Reads the option <c>--fingerprint</c>.</summary>
    internal static Fingerprint? ReadFingerprint(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return Fingerprint.TryParse(text, out var fingerprint)
            ? fingerprint
            : throw new UserErrorException($"'{text}' is no fingerprint; look for a slip.");
    }

    /// <summary>Opens a connection to a node.</summary>
    /// <param name="node">Where it listens.</param>
    /// <param name="hint">What may be the reason if nobody listens.</param>
    internal static NetworkStream Connect(NodeAddress node, string hint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            SendTimeout = SendMilliseconds,
        };
        try
        {
            var connecting = socket.ConnectAsync(node.Host, node.Port);
            if (!connecting.Wait(ConnectMilliseconds))
            {
                throw new UnlockException(
                    UnlockOutcome.Unreachable, $"{node}: no answer within {ConnectMilliseconds / 1000} s");
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (AggregateException problem) when (problem.InnerException is SocketException refused)
        {
            socket.Dispose();
            throw new UnlockException(
                UnlockOutcome.Unreachable, $"{node}: {refused.Message} ({hint})");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
