"""Reads and writes safetensors files, with nothing but torch and the standard library."""
import json
import struct

import numpy as np
import torch

DTYPES = {'F32': np.float32, 'F16': np.float16, 'U8': np.uint8, 'I64': np.int64}
NAMES = {torch.float32: 'F32', torch.float16: 'F16'}


def read_safetensors(path):
    """Returns (name -> float32 tensor, metadata) of a safetensors file."""
    with open(path, 'rb') as file:
        size = struct.unpack('<Q', file.read(8))[0]
        header = json.loads(file.read(size))
        body = file.read()
    metadata = header.pop('__metadata__', {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry['data_offsets']
        values = np.frombuffer(body[begin:end], DTYPES[entry['dtype']])
        tensors[name] = torch.from_numpy(values.astype(np.float32).reshape(entry['shape']))
    return tensors, metadata


def write_safetensors(path, tensors, metadata, dtype=torch.float16):
    """Writes tensors (in the given dtype) and string metadata; the order of the tensors is kept."""
    header = {'__metadata__': {key: str(value) for key, value in metadata.items()}}
    blobs, offset = [], 0
    for name, tensor in tensors.items():
        blob = tensor.detach().cpu().to(dtype).contiguous().numpy().tobytes()
        header[name] = {'dtype': NAMES[dtype], 'shape': list(tensor.shape),
                        'data_offsets': [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + b''.join(blobs))


def convention(metadata):
    """The input convention that metadata states: (range, mean, std), torchvision's when it is silent."""
    def numbers(key, default):
        return [float(v) for v in metadata.get(key, default).split(',')]
    return (float(metadata.get('input_range', '1')),
            numbers('input_mean', '0.485,0.456,0.406'), numbers('input_std', '0.229,0.224,0.225'))
