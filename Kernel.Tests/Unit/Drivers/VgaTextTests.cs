using System;
using System.Text;
using HaukiOS.Drivers.Screen;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>The text screen over an array.</summary>
[TestFixture]
public sealed class VgaTextTests
{
    [Test]
    public void A_card_without_memory_is_no_screen() =>
        Assert.That(VgaText.Probe(new SimulatedPorts(), new NoMemory()), Is.Null);

    [Test]
    public void Text_lines_and_progress_appear_where_they_belong()
    {
        (ArrayMemory memory, VgaText screen, CursorPorts cursor) = Connect();
        Write(screen, "hauki> help\r\nworking 10 %\rworking 20 %\b\b\u001B[K!");
        Assert.That(memory.Row(0), Is.EqualTo("hauki> help"));
        Assert.That(memory.Row(1), Is.EqualTo("working 20!"));
        Assert.That(cursor.Position, Is.EqualTo(VgaText.Columns + 11));
    }

    [Test]
    public void The_screen_scrolls_by_one_row_at_its_end()
    {
        (ArrayMemory memory, VgaText screen, _) = Connect();
        for (int i = 0; i < VgaText.Rows + 2; i++)
        {
            Write(screen, (i == 0 ? "" : "\r\n") + "row " + i);
        }

        Assert.That(memory.Row(0), Is.EqualTo("row 2"));
        Assert.That(memory.Row(VgaText.Rows - 1), Is.EqualTo("row 26"));
    }

    [Test]
    public void A_full_row_and_a_line_end_take_one_row()
    {
        (ArrayMemory memory, VgaText screen, _) = Connect();
        Write(screen, new string('x', VgaText.Columns) + "\r\nnext");
        Assert.That(memory.Row(1), Is.EqualTo("next"));
        Write(screen, "\r\n" + new string('y', VgaText.Columns) + "z");
        Assert.That(memory.Row(3), Is.EqualTo("z"));
    }

    [Test]
    public void Utf8_is_shown_in_the_fonts_own_code_or_as_a_question_mark()
    {
        (ArrayMemory memory, VgaText screen, _) = Connect();
        Write(screen, "ä█é");
        screen.Write([0xFF, (byte)'a', 0xC3, (byte)'b', 0xE2, 0x82, 0xAC, 0xED, 0xA0, 0x80]);
        Assert.That(memory.Codes(0, 8), Is.EqualTo(new byte[] { 0x84, 0xDB, 0x82, (byte)'?', (byte)'a', (byte)'b',
            (byte)'?', (byte)'?' }));
    }

    [Test]
    public void No_stream_of_bytes_leaves_the_screen()
    {
        (_, VgaText screen, CursorPorts cursor) = Connect();
        Random random = new(5);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            bytes[0] = 0x1B;
            bytes[1] = (byte)'[';
            screen.Write(bytes);
            Assert.That(cursor.Position, Is.InRange(0, (VgaText.Columns * VgaText.Rows) - 1));
        }
    }

    [Test]
    public void Another_machines_screen_shows_what_stood_on_the_last_one()
    {
        (ArrayMemory memory, VgaText screen, CursorPorts cursor) = Connect();
        for (int i = 0; i < VgaText.Rows + 2; i++)
        {
            Write(screen, "row " + i + "\r\n");
        }

        Write(screen, "hauki> he");
        memory.Cells.Fill('?');
        cursor.Write(0, 1, 0x0E);
        cursor.Write(1, 1, 0);
        Assert.That(screen.TryRestart(), Is.True);
        Assert.That(memory.Row(0), Is.EqualTo("row 3"));
        Assert.That(memory.Row(VgaText.Rows - 1), Is.EqualTo("hauki> he"));
        Assert.That(cursor.Position, Is.EqualTo((VgaText.Columns * (VgaText.Rows - 1)) + 9));
        Write(screen, "lp");
        Assert.That(memory.Row(VgaText.Rows - 1), Is.EqualTo("hauki> help"));
    }

    [Test]
    public void A_machine_without_a_screen_is_noticed_on_landing()
    {
        ArrayMemory memory = new();
        VgaText screen = VgaText.Probe(new SimulatedPorts(), memory)!;
        memory.IsGone = true;
        Assert.That(screen.TryRestart(), Is.False);
    }

    private static void Write(VgaText screen, string text) => screen.Write(Encoding.UTF8.GetBytes(text));

    private static (ArrayMemory Memory, VgaText Screen, CursorPorts Cursor) Connect()
    {
        SimulatedPorts ports = new();
        CursorPorts cursor = new();
        ports.Add(0x3D4, 2, cursor);
        ArrayMemory memory = new();
        VgaText screen = VgaText.Probe(ports, memory)!;
        screen.Clear();
        return (memory, screen, cursor);
    }

    private sealed class ArrayMemory : TextMemory
    {
        private readonly ushort[] cells = new ushort[VgaText.Columns * VgaText.Rows];

        public bool IsGone { get; set; }

        public override Span<ushort> Cells => IsGone ? new NoMemory().Cells : cells;

        public string Row(int row) => Encoding.ASCII.GetString(Codes(row, VgaText.Columns)).TrimEnd();

        public byte[] Codes(int row, int count)
        {
            byte[] codes = new byte[count];
            for (int i = 0; i < count; i++)
            {
                codes[i] = (byte)cells[(row * VgaText.Columns) + i];
            }

            return codes;
        }
    }

    private sealed class NoMemory : TextMemory
    {
        public override Span<ushort> Cells
        {
            get
            {
                ushort[] nothing = new ushort[VgaText.Columns * VgaText.Rows];
                nothing.AsSpan().Fill(0xFFFF);
                return nothing;
            }
        }
    }

    private sealed class CursorPorts : ISimulatedDevice
    {
        private int index;

        public int Position { get; private set; }

        public uint Read(int offset, int width) => 0;

        public void Write(int offset, int width, uint value)
        {
            if (offset == 0)
            {
                index = (int)value;
            }
            else if (index == 0x0E)
            {
                Position = (Position & 0xFF) | (int)(value << 8);
            }
            else if (index == 0x0F)
            {
                Position = (Position & 0xFF00) | (int)value;
            }
        }
    }
}
