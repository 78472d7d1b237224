using System;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Console.Network;

/// <summary>
/// <c>capture</c>: for each of the last frames a line that says what it is, and its beginning in hexadecimal. The
/// frames are copied when the command is given: what is shown does not change while it is shown.
/// </summary>
internal sealed class CaptureListing : RunningCommand
{
    private const int BytesPerLine = 16;

    private readonly Held[] frames;
    private readonly PacketCapture capture;
    private int next;

    /// <summary>Copies the last <paramref name="count"/> frames.</summary>
    public CaptureListing(ConsoleContext context, PacketCapture capture, int count)
        : base(context)
    {
        this.capture = capture;
        frames = new Held[count];
        for (int i = 0; i < count; i++)
        {
            CapturedFrame frame = capture.FrameAt(capture.Count - count + i);
            frames[i] = new Held(frame.At, frame.IsOutgoing, frame.Length, frame.Bytes.ToArray());
        }
    }

    public override bool IsHurried => true;

    public override bool Step(Instant now)
    {
        if (next < frames.Length)
        {
            Show(frames[next++]);
            return false;
        }

        string state = capture.IsOn ? "on" : "off; 'capture on' begins";
        Context.Output.WriteLine($"{frames.Length} shown of {capture.Seen} seen; capture is {state}");
        return true;
    }

    public override void Cancel() => next = frames.Length;

    private void Show(Held frame)
    {
        long micro = frame.At.Nanoseconds / 1000;
        string second = (micro % 1_000_000 + 1_000_000).ToString().Substring(1);
        string way = frame.IsOutgoing ? "out" : "in ";
        Context.Output.WriteLine(
            $"{micro / 1_000_000}.{second} {way} {frame.Length} bytes: {PacketSummary.Of(frame.Bytes)}");
        var line = new StringBuilder(BytesPerLine * 4);
        for (int start = 0; start < frame.Bytes.Length; start += BytesPerLine)
        {
            line.Clear().Append($"  {start:x4} ");
            foreach (byte value in frame.Bytes.AsSpan(start, Math.Min(BytesPerLine, frame.Bytes.Length - start)))
            {
                line.Append(' ').Append(value.ToString("x2"));
            }

            Context.Output.WriteLine(line.ToString());
        }
    }

    private readonly record struct Held(Instant At, bool IsOutgoing, int Length, byte[] Bytes);
}
