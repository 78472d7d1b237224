using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaukiOS.Host.Emulator;

/// <summary>
/// QEMU's machine protocol: one JSON object a line, a greeting first, then commands and their replies with events
/// in between. One command at a time.
/// </summary>
public sealed class QmpClient : IDisposable
{
    // A reply is immediate but for memory dumps; a QEMU that says nothing for this long is stuck.
    private const int ReplyMilliseconds = 60_000;

    private readonly NetworkStream stream;
    private readonly StreamReader reader;
    private readonly List<QmpEvent> events = [];

    /// <summary>Takes over the connected socket and ends the negotiation.</summary>
    public QmpClient(Socket socket)
    {
        stream = new NetworkStream(socket, ownsSocket: true) { ReadTimeout = ReplyMilliseconds };
        reader = new StreamReader(stream);
        ReadMessage();
        Execute("qmp_capabilities");
    }

    /// <summary>Connects to the control socket of a QEMU that runs, <c>-qmp unix:PATH,server=on,wait=off</c>.</summary>
    /// <exception cref="EmulatorException">Nobody is there.</exception>
    public static QmpClient Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new QmpClient(socket);
        }
        catch (Exception problem) when (problem is SocketException or EmulatorException)
        {
            socket.Dispose();
            throw new EmulatorException($"{path}: no QEMU can be controlled there: {problem.Message}.");
        }
    }

    /// <summary>The events that have come in between replies so far, oldest first.</summary>
    public IReadOnlyList<QmpEvent> Events => events;

    /// <summary>Carries out one command.</summary>
    /// <returns>What it returned.</returns>
    /// <exception cref="EmulatorException">QEMU refused it; its words are in the message.</exception>
    public JsonNode? Execute(string command, JsonObject? arguments = null)
    {
        var request = new JsonObject { ["execute"] = command };
        if (arguments is not null)
        {
            request["arguments"] = arguments;
        }

        Try(() =>
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(request));
            stream.Flush();
            return true;
        });
        while (true)
        {
            var reply = ReadMessage();
            if (reply["event"] is not null)
            {
                events.Add(QmpEvent.Parse(reply));
            }
            else if (reply["error"] is { } error)
            {
                throw new EmulatorException($"QMP {command}: {error["desc"]}");
            }
            else if (reply["return"] is { } result)
            {
                return result;
            }
        }
    }

    /// <summary>Waits for an event, or finds it among those that have come.</summary>
    /// <exception cref="EmulatorException">It has not come in time, or QEMU has ended.</exception>
    public QmpEvent Await(string name, TimeSpan patience)
    {
        stream.ReadTimeout = (int)patience.TotalMilliseconds;
        while (!events.Exists(said => said.Name == name))
        {
            events.Add(QmpEvent.Parse(ReadMessage()));
        }

        stream.ReadTimeout = ReplyMilliseconds;
        return QmpEvent.Latest(events, name);
    }

    /// <summary>Carries out a line of the human monitor, for what QMP itself has no command for.</summary>
    public string Monitor(string line)
    {
        var result = Execute("human-monitor-command", new JsonObject { ["command-line"] = line });
        return result?.GetValue<string>() ?? string.Empty;
    }

    /// <summary>Copies guest-physical memory into a file.</summary>
    public void SaveMemory(ulong address, ulong bytes, string file) => Execute(
        "pmemsave",
        new JsonObject { ["val"] = address, ["size"] = bytes, ["filename"] = file });

    /// <summary>
    /// Presses keys of the emulated keyboard together, named as QEMU names them: <c>a</c>, <c>ret</c>.
    /// </summary>
    public void PressKeys(params ReadOnlySpan<string> names)
    {
        var keys = new JsonArray();
        foreach (var name in names)
        {
            keys.Add(new JsonObject { ["type"] = "qcode", ["data"] = name });
        }

        Execute("send-key", new JsonObject { ["keys"] = keys, ["hold-time"] = 20 });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        reader.Dispose();
        stream.Dispose();
    }

    private JsonNode ReadMessage()
    {
        var line = Try(reader.ReadLine) ?? throw new EmulatorException("QEMU closed its control socket.");
        return JsonNode.Parse(line) ?? throw new EmulatorException($"QEMU said '{line}' on its control socket.");
    }

    // A QEMU that ends in between is an emulator's failure like any other.
    private static T Try<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (IOException problem)
        {
            throw new EmulatorException($"QEMU's control socket failed: {problem.Message}");
        }
    }
}
