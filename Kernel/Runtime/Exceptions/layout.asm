; Addresses that only the linker knows, in the order of ImageLayout.cs.
bits 32

extern text_start, text_end, managed_start, managed_end, pdata_start, pdata_end
extern symbols_start, symbols_end, image_start, image_end, build_id, trap_return, data_start
extern RhpStackProbe, stack_probe_end
global HaukiImageLayout

section .text
HaukiImageLayout:
    mov eax, layout
    ret

section .rdata
align 4
layout:
    dd text_start, text_end
    dd managed_start, managed_end
    dd pdata_start, pdata_end
    dd symbols_start, symbols_end
    dd image_start, image_end
    dd data_start
    dd build_id
    dd trap_return
    dd RhpStackProbe, stack_probe_end
